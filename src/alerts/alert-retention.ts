import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { HourlyRound } from '../common/hourly-round.js';

const DAY_MS = 86_400_000;
const KEPT_DAYS = 90;
const BATCH = 2_000;

/** Forgets after 90 days who was told what. What was said of an incident stays with the rule: it is never said twice. */
@Injectable()
export class AlertRetention extends HourlyRound {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    schedule: SchedulerRegistry,
  ) {
    super(schedule, { name: 'forget-alerts', logger: 'Alerts', complaint: 'Old alerts were not forgotten' });
  }

  protected async round(mayGoOn: () => boolean): Promise<number> {
    const before = new Date(this.clock.wall() - KEPT_DAYS * DAY_MS);
    let forgotten = 0;
    for (let batch = BATCH; batch === BATCH && mayGoOn(); forgotten += batch) {
      [, batch] = await this.dataSource.query<[unknown[], number]>(
        `DELETE FROM alert_deliveries WHERE id IN (
           SELECT id FROM alert_deliveries WHERE status <> 'pending' AND at < $1 LIMIT $2)`,
        [before, BATCH],
      );
    }
    return forgotten;
  }
}
