import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBus } from '../common/event-bus.js';
import { readWish } from './domain/wish.js';
import { HeldWishes } from './held-wishes.js';
import { OptOuts } from './opt-outs.js';

const RETRY_MS = 1_000;

/** Obeys customers who write STOP to an outlet, and keeps for a person what looks like it. WhatsApp hears that it was read when it is stored. */
@Injectable()
export class InboundOptOuts implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(InboundOptOuts.name);
  private readonly storing = new Set<Promise<void>>();
  private readonly stopped = new AbortController();

  constructor(
    private readonly events: EventBus,
    private readonly optOuts: OptOuts,
    private readonly heldWishes: HeldWishes,
  ) {}

  onModuleInit(): void {
    this.events.on('message.received', ({ number, outletId, text, at, waitFor }) => {
      const wish = readWish(text);
      if (wish?.kind === 'sure') {
        const { keyword } = wish;
        waitFor(this.keep(() => this.optOuts.recordFromCustomer({ number, outletId, keyword, at })));
      } else if (wish) {
        const { words } = wish;
        waitFor(this.keep(() => this.heldWishes.keep({ number, outletId, words, at })));
      }
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.storing);
  }

  private keep(work: () => Promise<unknown>): Promise<void> {
    const stored = this.store(work).finally(() => this.storing.delete(stored));
    this.storing.add(stored);
    return stored;
  }

  private async store(work: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await work();
        return;
      } catch (error) {
        this.logger.error(`An opt-out is not stored yet: ${error instanceof Error ? error.name : 'unknown error'}`);
        if (this.stopped.signal.aborted) return;
        await pause(RETRY_MS, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      }
    }
  }
}
