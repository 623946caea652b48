import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { HourlyRound } from '../hourly-round.js';

const BATCH = 5_000;

/** Forgets what counts no more. */
@Injectable()
export class AttemptsRetention extends HourlyRound {
  constructor(
    private readonly dataSource: DataSource,
    schedule: SchedulerRegistry,
  ) {
    super(schedule, { name: 'forget-attempts', logger: 'Limits', complaint: 'Old attempts were not forgotten' });
  }

  protected async round(mayGoOn: () => boolean): Promise<number> {
    let forgotten = 0;
    for (let batch = BATCH; batch === BATCH && mayGoOn(); forgotten += batch)
      [, batch] = await this.dataSource.query<[unknown, number]>(FORGET_SQL, [BATCH]);
    return forgotten;
  }
}

const FORGET_SQL = `
  DELETE FROM attempts a USING (
    SELECT ctid FROM attempts WHERE expires_at <= now() LIMIT $1 FOR UPDATE SKIP LOCKED
  ) old WHERE a.ctid = old.ctid`;
