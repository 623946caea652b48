import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.js';
import { isRefused } from '../../common/postgres-errors.js';
import { untilItWorks } from '../../common/until-it-works.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { Ledger, type RepliedRow } from '../ledger.js';
import { ANSWERED_SQL, FORGET_SQL, KNOWN_SQL, PEND_SQL, REPLIED_SQL } from './reply-sql.js';

const RETRY_MS = 1_000;

interface Reply {
  outletId: string;
  number: string | null;
  /** The message it quotes, by its id. */
  quotes: string | null;
  /** When it was written. Milliseconds since the epoch. */
  at: number;
}

/**
 * Who answered which blast, counted as it happens. WhatsApp hears that a message was read once this is kept, so that none
 * is forgotten over a crash; what it said is not looked at.
 */
@Injectable()
export class Replies implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Blast');
  private readonly stopped = new AbortController();

  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly ledger: Ledger,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    bus.on('message.received', ({ outletId, number, quotes, at, waitFor }) => {
      waitFor(this.keep(() => this.count({ outletId, number, quotes, at })));
    });
    bus.on('message.unattributed', ({ outletId, alias, quotes, at, waitFor }) => {
      waitFor(this.keep(() => this.countOrPend(alias, { outletId, number: null, quotes, at })));
    });
    bus.on('numbers.learned', ({ learned, waitFor }) => {
      waitFor(this.keep(() => this.countKnown(learned.map(({ alias }) => alias))));
    });
  }

  /** What a process that died left between learning a number and counting. */
  onApplicationBootstrap(): void {
    void this.keep(() => this.countKnown(null));
  }

  beforeApplicationShutdown(): void {
    this.stopped.abort();
  }

  private async countOrPend(alias: string, reply: Reply): Promise<void> {
    if (reply.quotes !== null && (await this.count(reply))) return;
    await this.dataSource.query(PEND_SQL, [reply.outletId, alias, new Date(reply.at), reply.quotes]);
    // The number may have been learned meanwhile.
    await this.countKnown([alias]);
  }

  private async countKnown(aliases: readonly string[] | null): Promise<void> {
    const rows = await this.dataSource.query<{ outlet_id: string; alias: string; at: Date; number: string }[]>(
      KNOWN_SQL,
      [aliases],
    );
    for (const { outlet_id: outletId, alias, at, number } of rows) {
      await this.count({ outletId, number, quotes: null, at: at.getTime() });
      await this.dataSource.query(FORGET_SQL, [outletId, alias, at, new Date(this.clock.wall())]);
    }
  }

  /** Whether it is the answer to a blast that had none from this person yet. */
  private async count({ outletId, number, quotes, at }: Reply): Promise<boolean> {
    const written = new Date(at);
    const [one] = await this.dataSource.query<{ blast_id: string; seq: number }[]>(ANSWERED_SQL, [
      outletId,
      number,
      quotes,
      written,
    ]);
    // What strangers write all day waits for no turn.
    if (!one) return false;
    const rows = await this.ledger.between(() =>
      this.dataSource.query<RepliedRow[]>(REPLIED_SQL, [one.blast_id, one.seq, written]),
    );
    this.ledger.replied(rows);
    return rows.length > 0;
  }

  /** Until the database takes it. What it refuses for what it says is let go. */
  private keep(work: () => Promise<unknown>): Promise<unknown> {
    const unlessRefused = (error: unknown): void => {
      if (!isRefused(error)) throw error;
      this.logger.error('A reply cannot be counted: PostgreSQL refuses it');
    };
    return untilItWorks(() => work().catch(unlessRefused), { pauseMs: RETRY_MS, signal: this.stopped.signal });
  }
}
