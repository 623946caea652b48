import { DOCUMENT, effect, inject, Service, signal, untracked } from '@angular/core';
import { SwUpdate } from '@angular/service-worker';
import { RealtimeSocket } from './realtime-socket';

/** Whether pages of a newer version wait to be taken. Those shown stay whole until somebody takes them. */
@Service()
export class AppUpdate {
  readonly #worker = inject(SwUpdate);
  readonly #location = inject(DOCUMENT).location;
  readonly #ready = signal(false);
  readonly ready = this.#ready.asReadonly();

  constructor() {
    if (!this.#worker.isEnabled) return;
    this.#worker.versionUpdates.subscribe(({ type }) => {
      if (type === 'VERSION_READY') this.#ready.set(true);
    });
    // What was kept is damaged: pages not opened yet may not open any more.
    this.#worker.unrecoverable.subscribe(() => this.#ready.set(true));
    const { connection } = inject(RealtimeSocket);
    effect(() => {
      // Pages come with the server: a newer one has let go of every socket.
      if ((connection() ?? 1) > 1) untracked(() => void this.#look());
    });
  }

  take(): void {
    this.#location.reload();
  }

  /** A look that fails is followed by the next, at the latest when a page is opened. */
  async #look(): Promise<void> {
    await this.#worker.checkForUpdate().catch(() => false);
  }
}
