import { languageOf } from '@koneksi/contracts/text-language';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { EventBus, type Facts } from '../common/event-bus.js';
import { isRefused, sqlStateOf } from '../common/postgres-errors.js';
import { keptOnceItWorks } from '../common/until-it-works.js';
import { oneWish, readWish, type Wish } from './domain/wish.js';
import { PendingWishes } from './pending-wishes.js';
import { Wishes } from './wishes.js';

const RETRY_MS = 1_000;

/** What somebody wrote to an outlet; `number` is `null` of whom WhatsApp names by LID alone. */
export interface Written extends Pick<Facts['message.received'], 'outletId' | 'text' | 'quotes' | 'at'> {
  number: string | null;
}

/** What a message says by the words of whatever it answers, and whose it is: theirs, or told by what they quote. */
export interface Answered {
  number: string | null;
  wish: Wish | null;
}

export type AnswersReader = (written: Written) => Promise<Answered>;

/**
 * Takes up what customers write to an outlet about hearing more, whether WhatsApp tells their number or not: the one who
 * decides on it, so that each message has one outcome. WhatsApp hears that it was read when it is stored.
 */
@Injectable()
export class InboundWishes implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(InboundWishes.name);
  private readonly storing = new Set<Promise<void>>();
  private readonly stopped = new AbortController();
  private readAnswer: AnswersReader = ({ number }) => Promise.resolve({ number, wish: null });

  constructor(
    private readonly events: EventBus,
    private readonly wishes: Wishes,
    private readonly pending: PendingWishes,
  ) {}

  /** Whoever knows what was written to people is asked where a message is not sure by itself. */
  onAnswer(reader: AnswersReader): void {
    this.readAnswer = reader;
  }

  onModuleInit(): void {
    this.events.on('message.received', ({ waitFor, ...written }) => {
      waitFor(this.take(written, null));
    });
    this.events.on('message.unattributed', ({ alias, waitFor, ...written }) => {
      waitFor(this.take({ ...written, number: null }, alias));
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await Promise.allSettled(this.storing);
  }

  private take(written: Written, alias: string | null): Promise<void> {
    const { outletId, text, at } = written;
    const own = readWish(text);
    return this.keep(async () => {
      const { number, wish: named } =
        own?.kind === 'sure' ? { number: written.number, wish: null } : await this.answered(written);
      const wish = oneWish(own, named);
      if (!wish) return;
      const told = { outletId, wish, language: languageOf(text), at };
      if (number !== null) await this.wishes.take(number, told);
      else if (alias !== null) await this.pending.keep(alias, told);
    });
  }

  /** What cannot be looked up for what it says is a message by itself. */
  private async answered(written: Written): Promise<Answered> {
    try {
      return await this.readAnswer(written);
    } catch (error) {
      if (!isRefused(error)) throw error;
      this.logger.error(`What a message answers cannot be asked: PostgreSQL refuses it with ${sqlStateOf(error)}`);
      return { number: written.number, wish: null };
    }
  }

  /**
   * Until the database takes it: before that nobody hears that it was read. What it refuses for ever is let go.
   * @throws {NotKept} where the process ends first: WhatsApp says it again after the next login
   */
  private keep(work: () => Promise<unknown>): Promise<void> {
    const unlessRefused = (error: unknown): void => {
      if (!isRefused(error)) throw error;
      this.logger.error(`A wish cannot be stored: PostgreSQL refuses it with ${sqlStateOf(error)}`);
    };
    const stored = keptOnceItWorks(() => work().catch(unlessRefused), {
      pauseMs: RETRY_MS,
      signal: this.stopped.signal,
      onFailure: (error) =>
        this.logger.error(`A wish is not stored yet: ${error instanceof Error ? error.name : 'unknown error'}`),
    }).finally(() => this.storing.delete(stored));
    this.storing.add(stored);
    return stored;
  }
}
