import { TooManyAttempts } from './too-many-attempts.js';

interface Limits {
  /** How much of the work may be under way. */
  atOnce: number;
  /** How many of one caller may wait: more are refused at once. */
  waiting: number;
  /** How long anybody waits before being refused. */
  patienceMs: number;
}

interface Waiter {
  caller: string;
  enter: () => void;
}

/**
 * Lets a few in at a time, each caller one by one, so that heavy work leaves connections of the database to whatever
 * keeps the outlets going.
 */
export class Gate {
  private readonly inside = new Set<string>();
  private readonly line: Waiter[] = [];

  constructor(private readonly limits: Limits) {}

  /** What `work` answers. @throws {TooManyAttempts} where the caller has too much in line, or waited too long. */
  async pass<T>(caller: string, work: () => Promise<T>): Promise<T> {
    if (this.isOpenTo(caller)) this.inside.add(caller);
    else await this.queue(caller);
    try {
      return await work();
    } finally {
      this.inside.delete(caller);
      this.letIn();
    }
  }

  private isOpenTo(caller: string): boolean {
    return this.inside.size < this.limits.atOnce && !this.inside.has(caller);
  }

  private queue(caller: string): Promise<void> {
    const { waiting, patienceMs } = this.limits;
    const refusal = new TooManyAttempts(Math.ceil(patienceMs / 1_000));
    if (this.line.filter((waiter) => waiter.caller === caller).length >= waiting) return Promise.reject(refusal);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.line.splice(this.line.indexOf(waiter), 1);
        reject(refusal);
      }, patienceMs);
      timer.unref();
      const waiter: Waiter = {
        caller,
        enter: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      this.line.push(waiter);
    });
  }

  /** The first in line whose caller is not inside already. */
  private letIn(): void {
    const next = this.line.findIndex(({ caller }) => this.isOpenTo(caller));
    const [waiter] = next < 0 ? [] : this.line.splice(next, 1);
    if (!waiter) return;
    this.inside.add(waiter.caller);
    waiter.enter();
  }
}
