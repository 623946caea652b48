import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import type { QuotaFact } from '../common/quota-reached.js';
import { TooManyAttempts } from '../common/too-many-attempts.js';

const DAY_MS = 24 * 60 * 60 * 1_000;
/** One a minute, and more. */
const BLASTS = 2_000;
/** A blast to all customers of a chain, and that three times over because of slips. */
const RECIPIENTS = 10_000_000;
/** As often to as many as their outlets may have. */
const RECIPIENTS_OF_USER = 1_000_000;

/** How much one caller made within the last day. */
interface Made {
  blasts: QuotaFact;
  recipients: QuotaFact;
}

/**
 * What one caller makes in a day. Quotas bound what has not ended; but whatever is canceled or replaced at once leaves its
 * rows as well, and made over and over it would fill the disk of all. Those rows are what is counted: no restart forgets
 * them, and each node finds the same.
 */
@Injectable()
export class MadeInADay {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  async quotas({ id, role }: Caller, manager: EntityManager = this.dataSource.manager): Promise<Made> {
    const [made] = await manager.query<[{ blasts: number; recipients: number }]>(
      `SELECT count(*)::int AS blasts, coalesce(sum(recipients), 0)::float8 AS recipients ${MADE}`,
      this.of(id),
    );
    const limit = role === 'USER' ? RECIPIENTS_OF_USER : RECIPIENTS;
    return {
      blasts: { name: 'blasts-a-day', limit: BLASTS, used: made.blasts },
      recipients: { name: 'recipients-a-day', limit, used: made.recipients },
    };
  }

  /**
   * In the transaction that has made one more, as the one of this caller's that does at the time.
   * @throws {TooManyAttempts}
   */
  async requireRoom(manager: EntityManager, caller: Caller): Promise<void> {
    const { blasts, recipients } = await this.quotas(caller, manager);
    const full = [blasts, recipients].find(({ limit, used }) => used > limit);
    if (!full) return;
    const rows = await manager.query<{ at: Date; recipients: number }[]>(
      `SELECT b.created_at AS at, b.recipients ${MADE} ORDER BY b.created_at, b.id`,
      this.of(caller.id),
    );
    // When so much of it is a day old that this one has room.
    let left = full.used;
    const last = rows.find((row) => (left -= full === blasts ? 1 : row.recipients) <= full.limit) ?? rows.at(-1)!;
    const seconds = Math.max(1, Math.ceil((last.at.getTime() + DAY_MS - this.clock.wall()) / 1_000));
    throw new TooManyAttempts(seconds, { name: full.name, quota: full.limit, windowSeconds: DAY_MS / 1_000 });
  }

  private of(callerId: string): [string, Date] {
    return [callerId, new Date(this.clock.wall() - DAY_MS)];
  }
}

/** One that came again was counted when it was ordered, and comes once a day. */
const MADE = `
  FROM blasts b WHERE b.created_by = $1 AND b.created_at > $2 AND b.kind IN ('blast', 'repeating')
    AND NOT EXISTS (SELECT FROM blast_repetitions r WHERE r.blast_id = b.id AND r.at > $2)`;
