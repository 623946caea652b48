import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { HourlyRound } from '../common/hourly-round.js';

const DAY_MS = 86_400_000;
const HOURS_DAYS = 4;
/** A year, and the month that begins it whole. */
const DAYS_DAYS = 400;
const BATCH = 5_000;

/** Forgets hours after four days, days after 400, and then outlets that are not there any more. */
@Injectable()
export class UptimeRetention extends HourlyRound {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    schedule: SchedulerRegistry,
  ) {
    super(schedule, { name: 'forget-uptime', logger: 'Uptime', complaint: 'Old uptime was not forgotten' });
  }

  protected async round(mayGoOn: () => boolean): Promise<number> {
    const before = (days: number): Date => new Date(this.clock.wall() - days * DAY_MS);
    let forgotten = 0;
    for (const [sql, days] of FORGET) {
      for (let batch = BATCH; batch === BATCH && mayGoOn(); forgotten += batch) {
        const [, count] = await this.dataSource.query<[unknown[], number]>(sql, [before(days), BATCH]);
        batch = count;
      }
    }
    return forgotten;
  }
}

const FORGET: readonly (readonly [sql: string, days: number])[] = [
  [
    `DELETE FROM uptime_hours h USING (SELECT no, hour FROM uptime_hours WHERE hour < $1 LIMIT $2) old
     WHERE (h.no, h.hour) = (old.no, old.hour)`,
    HOURS_DAYS,
  ],
  [
    `DELETE FROM uptime_days d USING (SELECT no, day FROM uptime_days WHERE day < $1::date LIMIT $2) old
     WHERE (d.no, d.day) = (old.no, old.day)`,
    DAYS_DAYS,
  ],
  [
    `DELETE FROM uptime_outlets u USING (SELECT no FROM uptime_outlets WHERE mark IS NULL AND upto < $1 LIMIT $2) old
     WHERE u.no = old.no`,
    DAYS_DAYS,
  ],
];
