import type { RateLimit } from './rate-limits.js';
import { TooManyAttempts } from './too-many-attempts.js';

interface Limits {
  /** By which its limit is told. */
  name?: string;
  /** How much of the work may be under way. */
  atOnce: number;
  /** How much of it for one caller; one thing at a time where it does not say. */
  each?: number;
  /** How many of one caller may wait: more are refused at once. */
  waiting: number;
  /** How many of all callers may wait; as many as come where it does not say. */
  inLine?: number;
  /** How long anybody waits before being refused. */
  patienceMs: number;
}

interface Waiter {
  caller: string;
  enter: () => void;
}

/**
 * Lets a few in at a time, of each caller fewer, so that heavy work leaves connections of the database to whatever
 * keeps the outlets going.
 */
export class Gate {
  /** How much of each caller's is under way, and how much waits. */
  private readonly inside = new Map<string, number>();
  private readonly outside = new Map<string, number>();
  private readonly line = new Set<Waiter>();
  private underWay = 0;

  constructor(private readonly limits: Limits) {}

  /** How much of one caller's it takes, and how much of that is not there yet. */
  room(caller: string): RateLimit {
    const { name = 'at-once', each = 1, waiting } = this.limits;
    const taken = (this.inside.get(caller) ?? 0) + (this.outside.get(caller) ?? 0);
    return { name, quota: each + waiting, left: each + waiting - taken, unit: 'concurrent-requests' };
  }

  /** What `work` answers. @throws {TooManyAttempts} where the caller has too much in line, or waited too long. */
  async pass<T>(caller: string, work: () => Promise<T>): Promise<T> {
    if (this.isOpenTo(caller)) this.enter(caller);
    else await this.queue(caller);
    try {
      return await work();
    } finally {
      this.underWay--;
      count(this.inside, caller, -1);
      this.letIn();
    }
  }

  private isOpenTo(caller: string): boolean {
    const { atOnce, each = 1 } = this.limits;
    return this.underWay < atOnce && (this.inside.get(caller) ?? 0) < each;
  }

  private enter(caller: string): void {
    this.underWay++;
    count(this.inside, caller, 1);
  }

  private queue(caller: string): Promise<void> {
    const { waiting, inLine = Infinity, patienceMs } = this.limits;
    const refusal = (): TooManyAttempts => new TooManyAttempts(Math.ceil(patienceMs / 1_000), this.room(caller));
    if ((this.outside.get(caller) ?? 0) >= waiting || this.line.size >= inLine) return Promise.reject(refusal());
    count(this.outside, caller, 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.leaveLine(waiter);
        reject(refusal());
      }, patienceMs);
      timer.unref();
      const waiter: Waiter = {
        caller,
        enter: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.line.add(waiter);
    });
  }

  private leaveLine(waiter: Waiter): void {
    this.line.delete(waiter);
    count(this.outside, waiter.caller, -1);
  }

  /** The first in line whose caller is not inside already. */
  private letIn(): void {
    if (this.underWay >= this.limits.atOnce) return;
    for (const waiter of this.line) {
      if (!this.isOpenTo(waiter.caller)) continue;
      this.leaveLine(waiter);
      this.enter(waiter.caller);
      waiter.enter();
      return;
    }
  }
}

/** Nobody is remembered who has nothing. */
function count(counts: Map<string, number>, caller: string, change: number): void {
  const now = (counts.get(caller) ?? 0) + change;
  if (now === 0) counts.delete(caller);
  else counts.set(caller, now);
}
