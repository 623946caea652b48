import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { HourlyRound } from '../common/hourly-round.js';
import { Config } from '../config/config.js';

const DAY_MS = 86_400_000;
const BATCH = 5_000;

/** Forgets lines that are older than `ACTIVITY_RETENTION_DAYS`. */
@Injectable()
export class ActivityRetention extends HourlyRound {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly config: Config,
    schedule: SchedulerRegistry,
  ) {
    super(schedule, { name: 'forget-activity', logger: 'Activity', complaint: 'Old activity was not forgotten' });
  }

  protected async round(mayGoOn: () => boolean): Promise<number> {
    const before = new Date(this.clock.wall() - this.config.activityRetentionDays * DAY_MS);
    let forgotten = 0;
    for (let batch = BATCH; batch === BATCH && mayGoOn(); forgotten += batch) {
      const [, count] = await this.dataSource.query<[unknown[], number]>(FORGET_SQL, [before, BATCH]);
      batch = count;
    }
    return forgotten;
  }
}

const FORGET_SQL = `
  DELETE FROM activity a USING (SELECT id FROM activity WHERE at < $1 ORDER BY at LIMIT $2) old WHERE a.id = old.id`;
