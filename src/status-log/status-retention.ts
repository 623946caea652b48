import { Injectable } from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { HourlyRound } from '../common/hourly-round.js';
import { Config } from '../config/config.js';
import { forgetBlind } from './blind-spans.js';
import { turnSql } from './turn-sql.js';

const DAY_MS = 86_400_000;
/** Small enough that no status waits for it. */
const BATCH = 2_000;

/**
 * Forgets status changes that are too old, but never what is still needed: what held when the kept time
 * begins, and the newest change of each outlet, from which its revisions go on.
 */
@Injectable()
export class StatusRetention extends HourlyRound {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    private readonly config: Config,
    schedule: SchedulerRegistry,
  ) {
    super(schedule, {
      name: 'forget-status-changes',
      logger: 'StatusRetention',
      complaint: 'Old status changes were not forgotten',
    });
  }

  protected async round(mayGoOn: () => boolean): Promise<number> {
    const before = new Date(this.clock.wall() - this.config.statusRetentionDays * DAY_MS).toISOString();
    const [boundary] = await this.dataSource.query<{ cursor: string }[]>(BOUNDARY_SQL, [before]);
    await forgetBlind(this.dataSource, before);
    let forgotten = 0;
    for (let batch = BATCH; batch === BATCH && mayGoOn(); forgotten += batch) {
      const [row] = await this.dataSource.query<{ count: string }[]>(FORGET_SQL, [boundary!.cursor, BATCH]);
      batch = Number(row!.count);
    }
    if (forgotten > 0) this.logger.debug(`Forgot ${forgotten} status changes from before ${before}`);
    return forgotten;
  }
}

/** Cursors grow with time, so everything old lies below the first change that is young. */
const BOUNDARY_SQL = `
  SELECT coalesce(
    (SELECT cursor FROM outlet_status_change WHERE at >= $1 ORDER BY cursor LIMIT 1),
    (SELECT value + 1 FROM status_cursor WHERE id = 1)) AS cursor`;

/** The watermark moves in the same statement: whoever reads the log sees both or neither. */
const FORGET_SQL = `
  WITH doomed AS (
    SELECT c.cursor FROM outlet_status_change c
    WHERE c.cursor < $1 AND (
      NOT EXISTS (SELECT FROM outlets o WHERE o.id = c.outlet_id)
      OR EXISTS (
        SELECT FROM outlet_status_change n
        WHERE n.outlet_id = c.outlet_id AND n.cursor > c.cursor
          AND (NOT c.milestone OR (n.milestone AND n.status IS NOT NULL AND n.cursor < $1)))
      AND (NOT (${turnSql('c')}) OR EXISTS (
        SELECT FROM outlet_status_change n
        WHERE n.outlet_id = c.outlet_id AND n.cursor > c.cursor AND n.cursor < $1 AND ${turnSql('n')})))
    ORDER BY c.cursor LIMIT $2
  ),
  deleted AS (
    DELETE FROM outlet_status_change c USING doomed WHERE c.cursor = doomed.cursor RETURNING c.cursor
  ),
  moved AS (
    UPDATE status_retention SET forgotten = greatest(forgotten, (SELECT max(cursor) FROM deleted))
    WHERE id = 1 AND EXISTS (SELECT FROM deleted)
  )
  SELECT count(*) AS count FROM deleted`;
