import { Injectable } from '@nestjs/common';
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
export class DeliveryRetention extends HourlyRound {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    schedule: SchedulerRegistry,
  ) {
    super(schedule, {
      name: 'forget-webhook-deliveries',
      logger: 'Webhooks',
      complaint: 'Old deliveries of webhooks were not forgotten',
    });
  }

  protected async round(mayGoOn: () => boolean): Promise<number> {
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
