import { DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import type { PairingCodeChange, QrChange } from '@koneksi/contracts/realtime';
import { RealtimeSocket } from '../../core/realtime-socket';

/** Follows one outlet's QR and pairing code for as long as the dialog that provides it is open. */
@Service({ autoProvided: false })
export class QrWatch {
  readonly #socket = inject(RealtimeSocket);
  readonly #outletId = signal<string | null>(null);
  readonly #shown = signal<QrChange | null>(null);
  readonly shown = this.#shown.asReadonly();
  readonly #code = signal<Omit<PairingCodeChange, 'outletId'> | null>(null);
  /** The pairing code on show, or why WhatsApp gave none; also where somebody else asked for it. */
  readonly code = this.#code.asReadonly();

  constructor() {
    const receive = (change: QrChange) => {
      if (change.outletId === this.#outletId()) this.#shown.set(change);
    };
    const receiveCode = (change: PairingCodeChange) => {
      if (change.outletId === this.#outletId()) this.#code.set(change);
    };
    this.#socket.on('outlet-qr:changed', receive);
    this.#socket.on('outlet-pairing-code:changed', receiveCode);

    effect((onCleanup) => {
      const outletId = this.#outletId();
      const connection = this.#socket.connection();
      // The server forgets its watchers with their connection; a new one must ask again.
      if (!outletId || connection === null) return;
      this.#socket.emit('outlet-qr:watch', { outletId }, (answer) => {
        if (!answer.success) return;
        receive(answer);
        const {
          pairingCode = null,
          pairingCodeExpiresAt: expiresAt = null,
          pairingCodeRefusal: refusal = null,
        } = answer;
        receiveCode({ outletId: answer.outletId, pairingCode, expiresAt, refusal });
      });
      onCleanup(() => {
        untracked(this.#shown.set.bind(this.#shown, null));
        untracked(this.#code.set.bind(this.#code, null));
        if (this.#socket.connection() === connection) {
          this.#socket.emit('outlet-qr:unwatch', { outletId }, () => undefined);
        }
      });
    });
    inject(DestroyRef).onDestroy(() => {
      this.#socket.off('outlet-qr:changed', receive);
      this.#socket.off('outlet-pairing-code:changed', receiveCode);
    });
  }

  follow(outletId: string): void {
    this.#outletId.set(outletId);
  }
}
