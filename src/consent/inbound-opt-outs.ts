import { Injectable, Logger, type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import { EventBus } from '../common/event-bus.js';
import { optOutKeyword } from './domain/opt-out-keyword.js';
import { OptOuts, type KeywordReceived } from './opt-outs.js';

const RETRY_MS = 1_000;

/** Obeys customers who write STOP to an outlet. WhatsApp hears that it was read when it is stored. */
@Injectable()
export class InboundOptOuts implements OnModuleInit, BeforeApplicationShutdown {
  private readonly logger = new Logger(InboundOptOuts.name);
  private readonly storing = new Set<Promise<void>>();
  private readonly stopped = new AbortController();

  constructor(
    private readonly events: EventBus,
    private readonly optOuts: OptOuts,
  ) {}

  onModuleInit(): void {
    this.events.on('message.received', ({ number, outletId, text, at, waitFor }) => {
      const keyword = optOutKeyword(text);
      if (keyword) waitFor(this.keep({ number, outletId, keyword, at }));
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.storing);
  }

  private keep(received: KeywordReceived): Promise<void> {
    const stored = this.store(received).finally(() => this.storing.delete(stored));
    this.storing.add(stored);
    return stored;
  }

  private async store(received: KeywordReceived): Promise<void> {
    for (;;) {
      try {
        await this.optOuts.recordFromCustomer(received);
        return;
      } catch (error) {
        this.logger.error(`An opt-out is not stored yet: ${error instanceof Error ? error.name : 'unknown error'}`);
        if (this.stopped.signal.aborted) return;
        await pause(RETRY_MS, undefined, { signal: this.stopped.signal }).catch(() => undefined);
      }
    }
  }
}
