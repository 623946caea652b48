import { DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import type { RecipientChanges } from '@koneksi/contracts/blast-recipients';
import type { Blast, BlastProgress } from '@koneksi/contracts/blasts';
import type { ErrorCode } from '@koneksi/contracts/errors';
import { RealtimeSocket } from '../core/realtime-socket';

/** Follows one blast for as long as the page that provides it is open. Nothing here asks twice. */
@Service({ autoProvided: false })
export class BlastWatch {
  readonly #socket = inject(RealtimeSocket);
  readonly #id = signal<string | null>(null);
  readonly #blast = signal<Blast | null>(null);
  readonly #refusal = signal<ErrorCode | null>(null);
  readonly #synced = signal<number | null>(null);
  readonly #listeners = new Set<(changes: RecipientChanges) => void>();

  /** As last pushed; `null` until the first word. */
  readonly blast = this.#blast.asReadonly();
  readonly refusal = this.#refusal.asReadonly();
  /** The connection by which it was told whole: what an earlier one brought may be out of date. */
  readonly synced = this.#synced.asReadonly();

  constructor() {
    const progressed = (progress: BlastProgress) => this.#progress(progress);
    const changed = (changes: RecipientChanges) => {
      if (changes.blastId === this.#id()) for (const listener of this.#listeners) listener(changes);
    };
    this.#socket.on('blast:progressed', progressed);
    this.#socket.on('blast-recipients:changed', changed);
    inject(DestroyRef).onDestroy(() => {
      this.#socket.off('blast:progressed', progressed);
      this.#socket.off('blast-recipients:changed', changed);
    });

    effect((onCleanup) => {
      const blastId = this.#id();
      const connection = this.#socket.connection();
      // The server forgets its watchers with their connection; a new one must ask again.
      if (!blastId || connection === null) return;
      this.#socket.emit('blast:watch', { blastId }, (answer) => {
        if (blastId !== this.#id()) return;
        if (!answer.success) return this.#refusal.set(answer.error.code as ErrorCode);
        this.adopt(answer.blast);
        this.#synced.set(connection);
      });
      onCleanup(() => {
        this.#synced.set(null);
        if (untracked(this.#socket.connection) === connection)
          this.#socket.emit('blast:unwatch', { blastId }, () => undefined);
      });
    });
  }

  follow(blastId: string): void {
    this.#blast.set(null);
    this.#refusal.set(null);
    this.#id.set(blastId);
  }

  onRecipients(listener: (changes: RecipientChanges) => void): void {
    this.#listeners.add(listener);
  }

  /** A whole blast, pushed or answered: whatever is older than what is known is dropped. */
  adopt(blast: Blast): void {
    const known = this.#blast();
    if (blast.id === this.#id() && (known === null || known.revision <= blast.revision)) this.#blast.set(blast);
  }

  #progress({ blastId, revision, status, counts, replied, tooOften, outlets, at }: BlastProgress): void {
    const known = this.#blast();
    if (known?.id !== blastId || known.revision >= revision) return;
    const byId = new Map(outlets.map((outlet) => [outlet.outletId, outlet]));
    const ended = status === 'finished' || status === 'canceled';
    this.#blast.set({
      ...known,
      revision,
      status,
      counts,
      replied,
      tooOften,
      startedAt: known.startedAt ?? (status === 'running' ? at : null),
      finishedAt: ended ? (known.finishedAt ?? at) : null,
      outlets: known.outlets.map((outlet) => ({ ...outlet, ...byId.get(outlet.outletId) })),
    });
  }
}
