import { DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import type { BlastTimeline } from '@koneksi/contracts/blasts';
import { BlastApi } from '../blast-api';
import { BlastWatch } from '../blast-watch';

/** The chart is read again after news, at most this often. */
const READ_EVERY_MS = 3_000;
/** One that cannot be had is asked for less and less. */
const RARELY_MS = 60_000;

/**
 * How the watched blast went over time. Read after each news of it, one reading at a time; one that failed is read again,
 * since no other news may come of a blast that has ended.
 */
@Service({ autoProvided: false })
export class BlastChart {
  readonly #api = inject(BlastApi);
  readonly #blast = inject(BlastWatch).blast;
  readonly #timeline = signal<BlastTimeline | null>(null);
  /** `null` until it was read. */
  readonly timeline = this.#timeline.asReadonly();
  #blastId: string | null = null;
  #isOutdated = false;
  #isReading = false;
  #readAt = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isOver = false;

  constructor() {
    effect(() => {
      const blast = this.#blast();
      if (blast?.startedAt) untracked(() => this.#note(blast.id));
    });
    inject(DestroyRef).onDestroy(() => {
      this.#isOver = true;
      if (this.#timer) clearTimeout(this.#timer);
    });
  }

  #note(blastId: string): void {
    if (this.#blastId !== blastId) this.#timeline.set(null);
    this.#blastId = blastId;
    this.#isOutdated = true;
    this.#plan();
  }

  #plan(): void {
    if (!this.#isOutdated || this.#isReading || this.#timer || this.#isOver) return;
    const waitMs = Math.min(RARELY_MS, READ_EVERY_MS * 2 ** Math.max(0, this.#failures - 1));
    this.#timer = setTimeout(() => void this.#read(), Math.max(0, this.#readAt + waitMs - performance.now()));
  }

  async #read(): Promise<void> {
    const blastId = this.#blastId;
    this.#timer = null;
    this.#isOutdated = false;
    if (blastId === null) return;
    this.#isReading = true;
    this.#readAt = performance.now();
    try {
      const timeline = await this.#api.timeline(blastId);
      if (blastId === this.#blastId) this.#timeline.set(timeline);
      this.#failures = 0;
    } catch {
      // The totals stand above it already; until then the chart stays as it was.
      this.#isOutdated = true;
      this.#failures++;
    } finally {
      this.#isReading = false;
      this.#plan();
    }
  }
}
