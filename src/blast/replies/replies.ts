import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { EventBus } from '../../common/event-bus.js';
import { isRefused } from '../../common/postgres-errors.js';
import { keptOnceItWorks } from '../../common/until-it-works.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { Ledger, type RepliedRow } from '../ledger.js';
import type { WrappedKey } from '../blast-keys.js';
import { keptWords } from './kept-words.js';
import {
  ANSWERED_SQL,
  FORGET_SQL,
  KEEP_PENDING_SQL,
  KEEPER_SQL,
  KNOWN_SQL,
  PEND_SQL,
  PENDING_WORDS_SQL,
  REPLIED_SQL,
} from './reply-sql.js';
import { ReplyWords, type SealedWords } from './reply-words.js';

const RETRY_MS = 1_000;

interface Reply {
  outletId: string;
  number: string | null;
  /** WhatsApp's id of what they wrote; `null` where nothing of it is kept, nor will be. */
  messageId: string | null;
  text: string;
  /** The message it quotes, by its id. */
  quotes: string | null;
  /** When it was written. Milliseconds since the epoch. */
  at: number;
}

interface Answered {
  blast_id: string;
  seq: number;
  wrapped_key: Buffer;
  keeps: boolean;
}

/**
 * Who answered which blast, counted as it happens, and where an ADMIN switched that on, what they wrote. WhatsApp hears
 * that a message was read once this is kept, so that none is forgotten over a crash.
 */
@Injectable()
export class Replies implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Blast');
  private readonly stopped = new AbortController();

  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly ledger: Ledger,
    private readonly words: ReplyWords,
    private readonly clock: Clock,
    bus: EventBus,
  ) {
    bus.on('message.received', ({ waitFor, ...reply }) => {
      waitFor(this.keep(() => this.count(reply)));
    });
    bus.on('message.unattributed', ({ alias, waitFor, ...reply }) => {
      waitFor(this.keep(() => this.countOrPend(alias, { ...reply, number: null })));
    });
    bus.on('numbers.learned', ({ learned, waitFor }) => {
      waitFor(this.keep(() => this.countKnown(learned.map(({ alias }) => alias))));
    });
  }

  /** What a process that died left between learning a number and counting. */
  onApplicationBootstrap(): void {
    // Where this process ends first, the next one begins with it.
    this.keep(() => this.countKnown(null)).catch(() => undefined);
  }

  beforeApplicationShutdown(): void {
    this.stopped.abort();
  }

  private async countOrPend(alias: string, reply: Reply): Promise<void> {
    if (reply.quotes !== null && (await this.count(reply))) return;
    await this.dataSource.query(PEND_SQL, [reply.outletId, alias, new Date(reply.at), reply.quotes]);
    await this.keepPending(alias, reply);
    // The number may have been learned meanwhile.
    await this.countKnown([alias]);
  }

  /** Under the key of a blast it may answer, until it is known which it does. */
  private async keepPending(alias: string, { outletId, messageId, text, at }: Reply): Promise<void> {
    const words = messageId === null ? null : keptWords(text);
    if (messageId === null || words === null) return;
    const [keeper] = await this.dataSource.query<Pick<Answered, 'blast_id' | 'wrapped_key'>[]>(KEEPER_SQL, [
      outletId,
      alias,
      new Date(at),
    ]);
    if (!keeper) return;
    const sealed = this.words.seal(keyOf(keeper), { outletId, messageId }, words);
    const values = [outletId, messageId, keeper.blast_id, alias, new Date(at), sealed];
    await this.dataSource.query(KEEP_PENDING_SQL, values);
  }

  private async countKnown(aliases: readonly string[] | null): Promise<void> {
    const rows = await this.dataSource.query<{ outlet_id: string; alias: string; at: Date; number: string }[]>(
      KNOWN_SQL,
      [aliases],
    );
    for (const { outlet_id: outletId, alias, at, number } of rows) {
      const written = await this.dataSource.query<SealedWords[]>(PENDING_WORDS_SQL, [outletId, alias, at]);
      const said = written.map((row) => ({ messageId: row.message_id, text: this.words.open(row) ?? '' }));
      for (const each of said.length > 0 ? said : [{ messageId: null, text: '' }])
        await this.count({ outletId, number, ...each, quotes: null, at: at.getTime() });
      await this.dataSource.query(FORGET_SQL, [outletId, alias, at, new Date(this.clock.wall())]);
    }
  }

  /** Whether it told anything new of a blast: that it has an answer from this person, or what they wrote. */
  private async count({ outletId, number, messageId, text, quotes, at }: Reply): Promise<boolean> {
    const written = new Date(at);
    const [one] = await this.dataSource.query<Answered[]>(ANSWERED_SQL, [outletId, number, quotes, written]);
    // What strangers write all day waits for no turn.
    if (!one) return false;
    const words = one.keeps && messageId !== null ? keptWords(text) : null;
    const sealed = words && this.words.seal(keyOf(one), { outletId, messageId: messageId! }, words);
    const rows = await this.ledger.between(() =>
      this.dataSource.query<RepliedRow[]>(REPLIED_SQL, [one.blast_id, one.seq, written, outletId, messageId, sealed]),
    );
    this.ledger.replied(rows);
    return rows.length > 0;
  }

  /**
   * Until the database takes it. What it refuses for what it says is let go.
   * @throws {NotKept} where the process ends first: WhatsApp says it again after the next login
   */
  private keep(work: () => Promise<unknown>): Promise<void> {
    const unlessRefused = (error: unknown): void => {
      if (!isRefused(error)) throw error;
      this.logger.error('A reply cannot be counted: PostgreSQL refuses it');
    };
    return keptOnceItWorks(() => work().catch(unlessRefused), { pauseMs: RETRY_MS, signal: this.stopped.signal });
  }
}

const keyOf = ({
  blast_id: blastId,
  wrapped_key: wrappedKey,
}: Pick<Answered, 'blast_id' | 'wrapped_key'>): WrappedKey => ({
  blastId,
  wrappedKey,
});
