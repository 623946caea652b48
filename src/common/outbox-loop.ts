import { windDown } from './winding-down.js';

/** What nobody tells of, such as what another process wrote, is found this soon. */
const LOOK_EVERY_MS = 5_000;
const SOONEST_MS = 50;

/** What an outbox holds and what is done with it. */
interface Outbox<T> {
  /** Takes what is due and there is room for beside what is under way. Asked again at once where the loop was woken meanwhile. */
  take: (underWay: readonly T[]) => Promise<readonly T[]>;
  /** Does what is to be done with one. Where that fails, its lease ends and it is taken again. */
  deliver: (one: T) => Promise<void>;
  /** In how many ms something is due that was not when it was last looked; `null` where nothing waits. */
  nextDueIn: (underWay: readonly T[]) => Promise<number | null>;
  /** The process ends: what is under way is over at once. */
  cutOff: () => void;
}

/**
 * Looks after an outbox: woken by whoever knows of something to send, by each delivery that ends, and by time where
 * something waits. One look at a time; where it fails, as without a database, the next is made as if nothing were due.
 */
export class OutboxLoop<T> {
  /** What is being delivered, and when that is over. */
  private readonly underWay = new Map<T, Promise<void>>();
  private looking: Promise<void> | null = null;
  private isWoken = false;
  private timer: NodeJS.Timeout | undefined;
  private isRunning = false;
  private ending: Promise<void> | null = null;

  constructor(private readonly outbox: Outbox<T>) {}

  start(): void {
    this.isRunning = true;
    this.wake();
  }

  /** Takes nothing more. What is under way has a little time, is then cut off, and is over when this resolves. */
  stop(): Promise<void> {
    this.isRunning = false;
    clearTimeout(this.timer);
    return (this.ending ??= windDown(
      () => Promise.all([this.looking, ...this.underWay.values()]),
      () => this.outbox.cutOff(),
    ));
  }

  /** There may be something to send. */
  wake(): void {
    if (!this.isRunning) return;
    this.isWoken = true;
    if (this.looking) return;
    clearTimeout(this.timer);
    this.looking = this.look().finally(() => {
      this.looking = null;
      if (this.isWoken) this.wake();
    });
  }

  private async look(): Promise<void> {
    const next = await this.takeAll().catch(() => LOOK_EVERY_MS);
    if (!this.isRunning) return;
    this.timer = setTimeout(() => this.wake(), next);
    this.timer.unref();
  }

  /** Takes what is due; answers in how many ms it is looked again. */
  private async takeAll(): Promise<number> {
    while (this.isWoken && this.isRunning) {
      this.isWoken = false;
      for (const one of await this.outbox.take([...this.underWay.keys()])) this.begin(one);
    }
    // What is due and had no room need not be looked for: whoever ends wakes us.
    const dueIn = (await this.outbox.nextDueIn([...this.underWay.keys()])) ?? LOOK_EVERY_MS;
    return Math.min(LOOK_EVERY_MS, Math.max(SOONEST_MS, dueIn));
  }

  private begin(one: T): void {
    const delivery = this.outbox
      .deliver(one)
      .catch(() => undefined)
      .finally(() => {
        this.underWay.delete(one);
        this.wake();
      });
    this.underWay.set(one, delivery);
  }
}
