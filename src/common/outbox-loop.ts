import { LookLoop } from './look-loop.js';
import { windDown } from './winding-down.js';

/** What an outbox holds and what is done with it. */
interface Outbox<T> {
  /** Takes what is due and there is room for beside what is under way. */
  take: (underWay: readonly T[]) => Promise<readonly T[]>;
  /** Does what is to be done with one. Where that fails, its lease ends and it is taken again. */
  deliver: (one: T) => Promise<void>;
  /** In how many ms something is due that was not when it was last looked; `null` where nothing waits. */
  nextDueIn: (underWay: readonly T[]) => Promise<number | null>;
  /** The process ends: what is under way is over at once. */
  cutOff: () => void;
}

/** Looks after an outbox: woken by whoever knows of something to send, by each delivery that ends, and by time. */
export class OutboxLoop<T> {
  /** What is being delivered, and when that is over. */
  private readonly underWay = new Map<T, Promise<void>>();
  private readonly loop = new LookLoop({
    look: async () => {
      for (const one of await this.outbox.take([...this.underWay.keys()])) this.begin(one);
    },
    // What is due and had no room need not be looked for: whoever ends wakes us.
    nextDueIn: () => this.outbox.nextDueIn([...this.underWay.keys()]),
  });
  private ending: Promise<void> | null = null;

  constructor(private readonly outbox: Outbox<T>) {}

  start(): void {
    this.loop.start();
  }

  /** Takes nothing more. What is under way has a little time, is then cut off, and is over when this resolves. */
  stop(): Promise<void> {
    return (this.ending ??= windDown(
      () => Promise.all([this.loop.stop(), ...this.underWay.values()]),
      () => this.outbox.cutOff(),
    ));
  }

  /** There may be something to send. */
  wake(): void {
    this.loop.wake();
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
