import { languageOf } from '@koneksi/contracts/text-language';
import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../common/event-bus.js';
import { isRefused, sqlStateOf } from '../common/postgres-errors.js';
import { keptOnceItWorks } from '../common/until-it-works.js';
import { readWish } from './domain/wish.js';
import { PendingWishes } from './pending-wishes.js';
import { Wishes } from './wishes.js';

const RETRY_MS = 1_000;

/**
 * Takes up what customers write to an outlet about hearing more, whether WhatsApp tells their number or not. WhatsApp hears
 * that it was read when it is stored.
 */
@Injectable()
export class InboundWishes implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(InboundWishes.name);
  private readonly storing = new Set<Promise<void>>();
  private readonly stopped = new AbortController();

  constructor(
    private readonly events: EventBus,
    private readonly wishes: Wishes,
    private readonly pending: PendingWishes,
  ) {}

  onModuleInit(): void {
    this.events.on('message.received', ({ number, outletId, text, at, waitFor }) => {
      const wish = readWish(text);
      if (wish) waitFor(this.keep(() => this.wishes.take(number, { outletId, wish, language: languageOf(text), at })));
    });
    this.events.on('message.unattributed', ({ alias, outletId, text, at, waitFor }) => {
      const wish = readWish(text);
      if (wish) waitFor(this.keep(() => this.pending.keep(alias, { outletId, wish, language: languageOf(text), at })));
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await Promise.allSettled(this.storing);
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
