import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { byHalves } from './by-halves.js';
import { withDeadline } from './deadline.js';
import { untilItWorks } from './until-it-works.js';

export interface Writing<Change> {
  /** As many changes as one statement takes. */
  maxBatch: number;
  /** Between two tries. Milliseconds. */
  retryMs: number;
  /** A statement that takes longer has failed; what it still says is not heard. Milliseconds. */
  deadlineMs: number;
  /** Of changes with the same key each statement takes one, the oldest. */
  keyOf: (change: Change) => string;
  /** Writes them by one statement. Answers what to tell of it. */
  commit: (batch: readonly Change[]) => Promise<() => void>;
  /** PostgreSQL refuses this one for what it says: it is dropped. */
  onRefused: (change: Change, error: unknown) => void;
  /** Told of each statement that failed. Answers what is still to be written of it and of what waits, in order. */
  onFailure: (error: unknown, failed: readonly Change[], waiting: readonly Change[]) => Change[];
}

/**
 * Keeps what happened until the database has it, however long that is away: changes leave in the order they came, many
 * to a statement, one statement at a time. What PostgreSQL refuses for what it says is dropped alone.
 */
export class WriteBehind<Change> {
  private queue: Change[] = [];
  private readonly errands: (() => Promise<void>)[] = [];
  private running: Promise<void> | null = null;
  private lingering: NodeJS.Timeout | null = null;
  private failing = false;
  private isEnding = false;
  private readonly closing = new AbortController();
  /** What is written together belongs to nobody's request. */
  private readonly outside = AsyncLocalStorage.snapshot();

  constructor(private readonly writing: Writing<Change>) {}

  /** Changes that are not written yet, without those on their way. */
  get pending(): number {
    return this.queue.length;
  }

  /** Whether the last statement failed. */
  get isFailing(): boolean {
    return this.failing;
  }

  add(change: Change): void {
    this.queue.push(change);
    this.start();
  }

  /** Waits so long for company at most; whatever is written meanwhile takes it along. Milliseconds. */
  addWithin(lingerMs: number, change: Change): void {
    this.queue.push(change);
    if (!this.running) this.lingering ??= setTimeout(() => this.start(), lingerMs);
  }

  /** Runs a statement on the same tables between two of ours, so that neither overtakes or waits for the other in a circle. */
  between<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.errands.push(() => work().then(resolve, reject));
      this.start();
    });
  }

  /** The same again and again until it works, or the process ends. */
  async betweenUntilItWorks(work: () => Promise<unknown>): Promise<void> {
    await untilItWorks(() => this.between(() => withDeadline(work(), this.writing.deadlineMs, 'a write')), {
      pauseMs: this.writing.retryMs,
      signal: this.closing.signal,
      onFailure: (error) => (this.queue = this.writing.onFailure(error, [], this.queue)),
    });
  }

  /** Resolves once everything asked for so far is written. */
  async flushed(): Promise<void> {
    this.start();
    while (this.running) await this.running;
  }

  /** Writes what waits and nothing after it; where the database is away it is given up, so that a shutdown ends. */
  async finish(): Promise<void> {
    this.isEnding = true;
    if (this.failing) this.closing.abort();
    await this.flushed();
    this.closing.abort();
  }

  private get hasWork(): boolean {
    return this.queue.length + this.errands.length > 0 && !this.closing.signal.aborted;
  }

  private start(): void {
    if (this.lingering) clearTimeout(this.lingering);
    this.lingering = null;
    if (!this.hasWork) return;
    this.running ??= this.outside(() => this.drain()).finally(() => {
      this.running = null;
      this.start();
    });
  }

  private async drain(): Promise<void> {
    while (this.hasWork) {
      await this.errands.shift()?.();
      // What follows from one answer is asked for in the same turn and written together.
      await nextTurn();
      if (this.queue.length > 0) await this.write(this.takeBatch());
    }
  }

  /** A statement sees nothing else of its own: of each key it takes one. */
  private takeBatch(): Change[] {
    const taken = new Set<string>();
    const batch: Change[] = [];
    const rest: Change[] = [];
    for (const change of this.queue) {
      const key = this.writing.keyOf(change);
      (batch.length < this.writing.maxBatch && !taken.has(key) ? batch : rest).push(change);
      taken.add(key);
    }
    this.queue = rest;
    return batch;
  }

  private write(batch: readonly Change[]): Promise<void> {
    const { commit, deadlineMs, onRefused } = this.writing;
    return byHalves(batch, {
      work: async (some) => {
        const tell = await withDeadline(commit(some), deadlineMs, 'a write');
        this.failing = false;
        tell();
      },
      onRefused,
      onFailure: async (failed, error) => {
        this.queue = this.writing.onFailure(error, failed, this.queue);
        this.failing = true;
        if (this.isEnding) this.closing.abort();
        else await pause(this.writing.retryMs, undefined, { signal: this.closing.signal }).catch(() => undefined);
      },
    });
  }
}
