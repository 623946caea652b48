import type { BlastProgress } from '@koneksi/contracts/blasts';
import { Dashboard } from './dashboard.js';
import { eventually } from './eventually.js';

/** A page that has one blast open, and what it was told of it. */
export class BlastWatch {
  /** Those of whose recipients it heard. */
  readonly outlets = new Set<string>();
  private progress: BlastProgress | null = null;

  private constructor(
    private readonly page: Dashboard,
    private readonly blastId: string,
  ) {
    page.socket.on('blast:progressed', (progress) => {
      if (progress.blastId !== blastId || progress.revision < (this.progress?.revision ?? 0)) return;
      this.progress = progress;
    });
    page.socket.on('blast-recipients:changed', ({ outletId }) => void this.outlets.add(outletId));
  }

  static async open(url: string, token: string, blastId: string): Promise<BlastWatch> {
    const watch = new BlastWatch(await Dashboard.open(url, token), blastId);
    const answer = await watch.page.socket.emitWithAck('blast:watch', { blastId });
    if (!answer.success) throw new Error(`watching was refused: ${answer.error.code}`);
    return watch;
  }

  /** Waits until what it was told last is so. */
  hears(what: string, is: (progress: BlastProgress) => boolean): Promise<unknown> {
    return eventually(`a page hears of ${this.blastId} ${what}`, () => this.progress !== null && is(this.progress));
  }

  close(): void {
    this.page.close();
  }
}
