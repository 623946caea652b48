import { Inject, Logger, Optional, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';
import { Duties } from './duties.js';
import { messageOf } from './message-of.js';

const EVERY_MS = 60 * 60_000;
/** A clock that goes ahead by more than this within an hour was set, or the machine slept. */
const STEP_MS = 24 * 60 * 60_000;
/** So long somebody has to find that it was set wrong, before what seems old by it is removed. */
const DOUBTED_FOR_MS = 24 * 60 * 60_000;

interface Housekeeping {
  /** Of its interval; one of each. */
  name: string;
  /** Under which name the log is told. */
  logger: string;
  /** What the log says where a round failed, before the reason. */
  complaint: string;
}

/**
 * Housekeeping that is done every hour by one process of those that share the database, and not by a clock that has
 * just gone ahead by days: what a wrong clock makes old would be gone for good. A round under way is joined, not
 * doubled, and waited for at the end.
 */
export abstract class HourlyRound implements OnApplicationBootstrap, BeforeApplicationShutdown {
  protected readonly logger: Logger;
  @Optional()
  @Inject(Duties)
  private readonly duties: Duties | undefined;
  private running: Promise<number> | null = null;
  private stopping = false;
  /** Wall time minus monotonic time at the last look, and until when the wall is doubted by the monotonic clock. */
  private skew = Date.now() - performance.now();
  private doubtedUntil = Number.NEGATIVE_INFINITY;

  protected constructor(
    private readonly schedule: SchedulerRegistry,
    private readonly housekeeping: Housekeeping,
  ) {
    this.logger = new Logger(housekeeping.logger);
  }

  /** Answers how much it did, and goes on only while it may. */
  protected abstract round(mayGoOn: () => boolean): Promise<number>;

  onApplicationBootstrap(): void {
    this.schedule.addInterval(
      this.housekeeping.name,
      setInterval(() => this.look(), EVERY_MS),
    );
  }

  private look(): void {
    const skew = Date.now() - performance.now();
    if (skew - this.skew > STEP_MS) this.doubtedUntil = performance.now() + DOUBTED_FOR_MS;
    // Set right again: what it says is not doubted any more.
    if (this.skew - skew > STEP_MS) this.doubtedUntil = Number.NEGATIVE_INFINITY;
    this.skew = skew;
    if (performance.now() >= this.doubtedUntil && this.duties?.areOurs !== false) void this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping = true;
    this.schedule.deleteInterval(this.housekeeping.name);
    await this.running;
  }

  /** One round; answers how much it did. Never throws: the next round does what this one could not. */
  run(): Promise<number> {
    this.running ??= this.round(() => !this.stopping)
      .catch((error: unknown) => {
        this.logger.warn(`${this.housekeeping.complaint}: ${messageOf(error)}`);
        return 0;
      })
      .finally(() => (this.running = null));
    return this.running;
  }
}
