import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { HourlyRound } from '../common/hourly-round.js';

const DAY_MS = 86_400_000;
const DELIVERED_DAYS = 7;
const DEAD_DAYS = 30;
const BATCH = 2_000;

/** Forgets what was delivered a week ago, and what was given up or waits behind a pause for a month. */
@Injectable()
export class DeliveryRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Webhooks');
  private readonly rounds: HourlyRound;

  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    schedule: SchedulerRegistry,
  ) {
    this.rounds = new HourlyRound(
      schedule,
      'forget-webhook-deliveries',
      (mayGoOn) => this.round(mayGoOn),
      (reason) => this.logger.warn(`Old deliveries of webhooks were not forgotten: ${reason}`),
    );
  }

  onApplicationBootstrap(): void {
    this.rounds.begin();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.rounds.end();
  }

  /** One round. Answers how many it forgot. */
  forget(): Promise<number> {
    return this.rounds.run();
  }

  private async round(mayGoOn: () => boolean): Promise<number> {
    const before = (days: number): Date => new Date(this.clock.wall() - days * DAY_MS);
    let forgotten = 0;
    for (let batch = BATCH; batch === BATCH && mayGoOn(); forgotten += batch) {
      const values = [before(DELIVERED_DAYS), before(DEAD_DAYS), BATCH];
      const [, count] = await this.dataSource.query<[unknown[], number]>(FORGET_SQL, values);
      batch = count;
    }
    return forgotten;
  }
}

const FORGET_SQL = `
  DELETE FROM webhook_deliveries d USING (
    SELECT id FROM webhook_deliveries
    WHERE (status <> 'pending' AND at < $1 AND (status = 'delivered' OR at < $2))
      OR (status = 'pending' AND at < $2 AND webhook_id IN (SELECT id FROM webhooks WHERE paused_at IS NOT NULL))
    LIMIT $3
  ) old WHERE d.id = old.id`;
