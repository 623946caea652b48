import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { SchedulerRegistry } from '@nestjs/schedule';

const EVERY_MS = 60 * 60_000;

interface Housekeeping {
  /** Of its interval; one of each. */
  name: string;
  /** Under which name the log is told. */
  logger: string;
  /** What the log says where a round failed, before the reason. */
  complaint: string;
}

/** Housekeeping that is done every hour. A round under way is joined, not doubled, and waited for at the end. */
export abstract class HourlyRound implements OnApplicationBootstrap, BeforeApplicationShutdown {
  protected readonly logger: Logger;
  private running: Promise<number> | null = null;
  private stopping = false;

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
      setInterval(() => void this.run(), EVERY_MS),
    );
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
        this.logger.warn(`${this.housekeeping.complaint}: ${error instanceof Error ? error.message : 'unknown error'}`);
        return 0;
      })
      .finally(() => (this.running = null));
    return this.running;
  }
}
