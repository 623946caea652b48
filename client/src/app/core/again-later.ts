const FIRST_AFTER_MS = 2_000;
const AT_MOST_AFTER_MS = 60_000;

/** Tries what failed behind somebody's back, ever later, until it works or is no longer wanted. */
export class AgainLater {
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  worked(): void {
    this.#failures = 0;
    this.stop();
  }

  failed(again: () => unknown): void {
    this.stop();
    const afterMs = Math.min(AT_MOST_AFTER_MS, FIRST_AFTER_MS * 2 ** this.#failures);
    this.#failures += 1;
    // All pages met the same fault at once, and do not come back at once.
    this.#timer = setTimeout(again, afterMs * (0.5 + Math.random()));
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
