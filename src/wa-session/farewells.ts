import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { FarewellStore, type OwedLeave } from './credentials/farewell-store.js';
import { SessionContext } from './session-context.js';
import { SessionRegistry } from './session-registry.js';
import { takeLeave } from './whatsapp/leave-taking.js';

const LOOK_EVERY_MS = 3_000;
const AT_ONCE = 4;
/** From the login to the answer. */
const WITHIN_MS = 30_000;
/** Seconds until the next try; the last one goes on until the day is over. */
const RETRY_AFTER_S = [10, 60, 300, 1_800, 3_600];

/**
 * Takes the leaves that are owed: a link may end while WhatsApp cannot be told, and its phone would list a device for
 * ever that nobody uses. What is owed is in the database, so that neither a restart nor a removed outlet forgets it.
 */
@Injectable()
export class Farewells implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private readonly ending = new AbortController();

  constructor(
    private readonly store: FarewellStore,
    private readonly context: SessionContext,
    private readonly registry: SessionRegistry,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.ending.abort();
    await this.running;
  }

  private look(): void {
    this.running ??= this.round()
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : 'unknown error';
        this.context.logger.debug(`Leaves that are owed were not looked at: ${reason}`);
      })
      .finally(() => (this.running = null));
  }

  private async round(): Promise<void> {
    const owed = await this.store.due(AT_ONCE);
    await Promise.all(owed.map((leave) => this.take(leave)));
  }

  private async take({ id, outletId, number, creds, tries }: OwedLeave): Promise<void> {
    const { gate, config, version, clock, logger } = this.context;
    const signal = AbortSignal.any([this.ending.signal, AbortSignal.timeout(WITHIN_MS)]);
    const place = await gate.acquire({ outletId: id, urgency: 'later', signal, onWaiting: () => undefined });
    if (!place) return;
    const { webSocketUrl, keepAliveMs } = config.whatsapp;
    const gone = await takeLeave({ outletId, creds, webSocketUrl, keepAliveMs, version, clock, logger, place, signal });
    if (this.ending.signal.aborted && !gone) return;
    if (!gone) {
      this.registry.find(outletId)?.post({ type: 'leave-owed', number });
      return this.store.later(id, RETRY_AFTER_S[tries] ?? RETRY_AFTER_S.at(-1)!);
    }
    await this.store.taken(outletId, number);
    this.registry.find(outletId)?.post({ type: 'leave-taken', number });
  }
}
