/**
 * News of what is being read: the answer may have been made before them and arrive after. They are taken at once, and
 * again when the answer is in its place, so taking one twice must be taking it once.
 */
export class Meanwhile<News> {
  readonly #apply: (news: News) => void;
  #readings = 0;
  #held: News[] = [];
  #again: ReturnType<typeof setTimeout> | null = null;

  constructor(apply: (news: News) => void) {
    this.#apply = apply;
  }

  take(news: News): void {
    if (this.#readings > 0) this.#held.push(news);
    this.#apply(news);
  }

  /** @param read asks, and puts the answer in its place */
  async during(read: () => Promise<void>): Promise<void> {
    this.#readings += 1;
    try {
      await read();
    } finally {
      this.#readings -= 1;
      if (this.#readings === 0) for (const news of this.#held.splice(0)) this.#apply(news);
    }
  }

  /** Once for whoever asks until then, and never beside a reading: side by side they would hold news without end. */
  readAgain(afterMs: number, read: () => unknown): void {
    this.#again ??= setTimeout(() => {
      this.#again = null;
      if (this.#readings > 0) this.readAgain(afterMs, read);
      else read();
    }, afterMs);
  }

  readNoMore(): void {
    if (this.#again) clearTimeout(this.#again);
    this.#again = null;
  }
}
