import type { SchedulerRegistry } from '@nestjs/schedule';

const EVERY_MS = 60 * 60_000;

/** Housekeeping that is done every hour. A round under way is joined, not doubled, and waited for at the end. */
export class HourlyRound {
  private running: Promise<number> | null = null;
  private stopping = false;

  /** `work` answers how much it did, and goes on only while it is told to. */
  constructor(
    private readonly schedule: SchedulerRegistry,
    private readonly name: string,
    private readonly work: (mayGoOn: () => boolean) => Promise<number>,
    private readonly complain: (reason: string) => void,
  ) {}

  begin(): void {
    this.schedule.addInterval(
      this.name,
      setInterval(() => void this.run(), EVERY_MS),
    );
  }

  async end(): Promise<void> {
    this.stopping = true;
    this.schedule.deleteInterval(this.name);
    await this.running;
  }

  /** Never throws: the next round does what this one could not. */
  run(): Promise<number> {
    this.running ??= this.work(() => !this.stopping)
      .catch((error: unknown) => {
        this.complain(error instanceof Error ? error.message : 'unknown error');
        return 0;
      })
      .finally(() => (this.running = null));
    return this.running;
  }
}
