import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { Duties } from '../common/duties.js';
import { EventBus } from '../common/event-bus.js';
import { messageOf } from '../common/message-of.js';
import { UptimeBook } from './uptime-book.js';

/** That somebody looked is written so often; and what another process committed is found this soon. Milliseconds. */
const LOOK_EVERY_MS = 30_000;
/** What changes in one breath is counted at once. */
const GATHER_MS = 100;
const RETRY_MS = 1_000;

/** Has the book kept, by one process of a cluster: soon after each change, and by time. */
@Injectable()
export class UptimeKeeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('Uptime');
  private running: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Infinity;
  private stopping = true;
  private isBehind = false;
  private readonly unsubscribe: (() => void)[];

  constructor(
    private readonly book: UptimeBook,
    private readonly duties: Duties,
    events: EventBus,
  ) {
    const told = [
      'outlet-status.changed',
      'outlet-status.removed',
      'clock.stepped',
      'store.back',
      'duties.taken',
    ] as const;
    this.unsubscribe = told.map((name) => events.on(name, () => this.schedule(GATHER_MS)));
  }

  onApplicationBootstrap(): void {
    this.stopping = false;
    this.schedule(0);
  }

  /** Up to the end it was looked at: the time until the next start begins here. */
  async beforeApplicationShutdown(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    clearTimeout(this.timer);
    for (const end of this.unsubscribe) end();
    await this.running;
    if (this.duties.areOurs) await this.book.keep().catch(() => undefined);
  }

  /** No later than so; whoever gathers is not put off by more. */
  private schedule(inMs: number): void {
    const at = performance.now() + inMs;
    if (this.stopping || this.dueAt <= at) return;
    this.dueAt = at;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.wake(), inMs);
    this.timer.unref();
  }

  private wake(): void {
    this.dueAt = Infinity;
    if (this.running) return this.schedule(GATHER_MS);
    this.running = this.run().then((next) => {
      this.running = null;
      this.schedule(next);
    });
  }

  /** Another process keeps it. */
  private lookOn(): number {
    this.book.isKeptElsewhere();
    return LOOK_EVERY_MS;
  }

  private async run(): Promise<number> {
    if (!this.duties.areOurs) return this.lookOn();
    try {
      while ((await this.book.keep()) && !this.stopping);
      this.isBehind = false;
      return LOOK_EVERY_MS;
    } catch (error) {
      if (!this.isBehind) this.logger.warn(`Uptime is behind, trying again: ${messageOf(error)}`);
      this.isBehind = true;
      return RETRY_MS;
    }
  }
}
