import { DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import type { QrChange } from '@koneksi/contracts/realtime';
import { RealtimeSocket } from '../core/realtime-socket';

/** Follows one outlet's QR for as long as the dialog that provides it is open. */
@Service({ autoProvided: false })
export class QrWatch {
  readonly #socket = inject(RealtimeSocket);
  readonly #outletId = signal<string | null>(null);
  readonly #shown = signal<QrChange | null>(null);
  readonly shown = this.#shown.asReadonly();

  constructor() {
    const receive = (change: QrChange) => {
      if (change.outletId === this.#outletId()) this.#shown.set(change);
    };
    this.#socket.on('outlet-qr:changed', receive);

    effect((onCleanup) => {
      const outletId = this.#outletId();
      const connection = this.#socket.connection();
      // The server forgets its watchers with their connection; a new one must ask again.
      if (!outletId || connection === null) return;
      this.#socket.emit('outlet-qr:watch', { outletId }, (answer) => {
        if (answer.success) receive(answer);
      });
      onCleanup(() => {
        untracked(this.#shown.set.bind(this.#shown, null));
        if (this.#socket.connection() === connection) {
          this.#socket.emit('outlet-qr:unwatch', { outletId }, () => undefined);
        }
      });
    });
    inject(DestroyRef).onDestroy(() => this.#socket.off('outlet-qr:changed', receive));
  }

  follow(outletId: string): void {
    this.#outletId.set(outletId);
  }
}
