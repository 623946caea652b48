/** What nobody tells of, such as what another process wrote, is found this soon. */
const LOOK_EVERY_MS = 5_000;
const SOONEST_MS = 50;

interface Looks {
  /** Sees to what is due. Asked again at once where the loop was woken meanwhile. */
  look: () => Promise<void>;
  /** In how many ms something is due that was not when it was last looked; `null` where nothing waits. */
  nextDueIn: () => Promise<number | null>;
}

/**
 * Looks when woken by whoever knows of something, and by time. One look at a time; where it fails, as without a database,
 * the next is made as if nothing were due.
 */
export class LookLoop {
  private looking: Promise<void> | null = null;
  private isWoken = false;
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;

  constructor(private readonly looks: Looks) {}

  start(): void {
    this.isRunning = true;
    this.wake();
  }

  /** Looks no more; resolves when the look under way is over. */
  async stop(): Promise<void> {
    this.isRunning = false;
    clearTimeout(this.timer);
    await this.looking;
  }

  wake(): void {
    if (!this.isRunning) return;
    this.isWoken = true;
    if (this.looking) return;
    clearTimeout(this.timer);
    this.looking = this.untilAsleep().finally(() => {
      this.looking = null;
      if (this.isWoken) this.wake();
    });
  }

  private async untilAsleep(): Promise<void> {
    const next = await this.lookWhileWoken().catch(() => LOOK_EVERY_MS);
    if (!this.isRunning) return;
    this.timer = setTimeout(() => this.wake(), next);
    this.timer.unref();
  }

  /** Answers in how many ms it is looked again. */
  private async lookWhileWoken(): Promise<number> {
    while (this.isWoken && this.isRunning) {
      this.isWoken = false;
      await this.looks.look();
    }
    const dueIn = (await this.looks.nextDueIn()) ?? LOOK_EVERY_MS;
    return Math.min(LOOK_EVERY_MS, Math.max(SOONEST_MS, dueIn));
  }
}
