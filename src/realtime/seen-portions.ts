/** Outlets told of at once: a few kilobytes for each reader. */
const LEAST = 50;
const EVERY_MS = 500;
/** A round is told within ten seconds. */
const PORTIONS = 20;

/**
 * Signs of life of a thousand outlets at a thousand readers are 70 megabytes, and changes would wait behind them. So they
 * are told a few outlets at a time; few enough go at once.
 */
export class SeenPortions {
  private readonly waiting = new Set<string>();
  private size = LEAST;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: (outletIds: readonly string[]) => void) {}

  add(outletIds: readonly string[]): void {
    for (const outletId of outletIds) this.waiting.add(outletId);
    this.size = Math.max(LEAST, Math.ceil(this.waiting.size / PORTIONS));
    if (!this.timer) this.next();
  }

  end(): void {
    clearTimeout(this.timer);
    this.waiting.clear();
  }

  private next(): void {
    this.timer = undefined;
    const portion = [...this.waiting].slice(0, this.size);
    if (portion.length === 0) return;
    for (const outletId of portion) this.waiting.delete(outletId);
    this.tell(portion);
    if (this.waiting.size > 0) this.timer = setTimeout(() => this.next(), EVERY_MS);
  }
}
