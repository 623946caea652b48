import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { HourlyRound } from '../common/hourly-round.js';
import { KEPT_MS } from './kept-answers.js';

const BATCH = 2_000;

/** Forgets keys, and what was answered to them, after a day. */
@Injectable()
export class KeyRetention extends HourlyRound {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    schedule: SchedulerRegistry,
  ) {
    super(schedule, {
      name: 'forget-idempotency-keys',
      logger: 'Idempotency',
      complaint: 'Old idempotency keys were not forgotten',
    });
  }

  protected async round(mayGoOn: () => boolean): Promise<number> {
    let forgotten = 0;
    for (let batch = BATCH; batch === BATCH && mayGoOn(); forgotten += batch)
      [, batch] = await this.dataSource.query<[unknown, number]>(FORGET_SQL, [this.before(), BATCH]);
    return forgotten;
  }

  private before(): Date {
    return new Date(this.clock.wall() - KEPT_MS);
  }
}

const FORGET_SQL = `
  DELETE FROM idempotency_keys k USING (
    SELECT ctid FROM idempotency_keys WHERE created_at <= $1 ORDER BY created_at LIMIT $2
  ) old WHERE k.ctid = old.ctid`;
