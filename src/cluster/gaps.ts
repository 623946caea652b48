/** Nodes that lost the bus together come back within this. Milliseconds. */
const GATHER_MS = 1_000;

/** Has looked for itself whoever may have missed a word: at once, and once more for all gaps told shortly after that. */
export class Gaps {
  private gathering: NodeJS.Timeout | undefined;
  private isOwed = false;

  constructor(private readonly look: () => void) {}

  tell(): void {
    this.isOwed = true;
    if (!this.gathering) this.settle();
  }

  close(): void {
    clearTimeout(this.gathering);
  }

  private settle(): void {
    this.gathering = undefined;
    if (!this.isOwed) return;
    this.isOwed = false;
    this.gathering = setTimeout(() => this.settle(), GATHER_MS);
    this.gathering.unref();
    this.look();
  }
}
