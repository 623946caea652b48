/** The time of the simulated WhatsApp: the host's own, and as far ahead of it as a test has put it. */
export class Clock {
  private aheadMs = 0;
  private readonly watchers: (() => void)[] = [];

  /** Milliseconds since the epoch. */
  now(): number {
    return Date.now() + this.aheadMs;
  }

  /** Puts it ahead at once, so that weeks take no time; whatever is due by then happens before this returns. */
  advance(milliseconds: number): void {
    this.aheadMs += milliseconds;
    for (const watch of this.watchers) watch();
  }

  /** Told of every leap; the passing of time by itself tells nobody. */
  watch(leapt: () => void): void {
    this.watchers.push(leapt);
  }
}
