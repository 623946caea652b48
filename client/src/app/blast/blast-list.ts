import { DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import type { BlastProgress, BlastSummary } from '@koneksi/contracts/blasts';
import { ApiFault } from '../core/api-fault';
import { Meanwhile } from '../core/meanwhile';
import { RealtimeSocket } from '../core/realtime-socket';
import { BlastApi } from './blast-api';

const READ_AGAIN_AFTER_MS = 500;

/** The blasts, newest first, kept true by pushes for as long as the page that provides it is open. */
@Service({ autoProvided: false })
export class BlastList {
  readonly #api = inject(BlastApi);
  readonly #socket = inject(RealtimeSocket);
  readonly #blasts = signal<readonly BlastSummary[] | null>(null);
  readonly #next = signal<string | null>(null);
  readonly #fault = signal<ApiFault | null>(null);
  readonly items = this.#blasts.asReadonly();
  readonly next = this.#next.asReadonly();
  readonly fault = this.#fault.asReadonly();
  readonly #further = new Set<string>();
  readonly #meanwhile = new Meanwhile<BlastProgress>((progress) => this.#progress(progress));

  constructor() {
    const progressed = (progress: BlastProgress) => this.#meanwhile.take(progress);
    this.#socket.on('blast:progressed', progressed);
    effect(() => {
      // What a lost connection missed is read when the next one is up.
      if (this.#socket.connection() !== null) untracked(() => void this.load());
    });
    inject(DestroyRef).onDestroy(() => {
      this.#socket.off('blast:progressed', progressed);
      this.#meanwhile.readNoMore();
    });
  }

  load(): Promise<void> {
    return this.#meanwhile.during(() => this.#page(null));
  }

  async more(): Promise<void> {
    const next = this.#next();
    if (next !== null) await this.#meanwhile.during(() => this.#page(next));
  }

  async #page(before: string | null): Promise<void> {
    this.#fault.set(null);
    try {
      const { blasts, next } = await this.#api.page(before);
      this.#blasts.update((shown) => (before && shown ? [...shown, ...blasts] : blasts));
      this.#next.set(next);
    } catch (thrown) {
      this.#fault.set(ApiFault.of(thrown));
    }
  }

  #progress({ blastId, revision, status, counts, replied }: BlastProgress): void {
    const blasts = this.#blasts();
    if (!blasts) return;
    const known = blasts.find(({ id }) => id === blastId);
    if (!known) return this.#readAgain(blastId);
    if (known.revision >= revision) return;
    this.#blasts.set(
      blasts.map((blast) => (blast === known ? { ...blast, revision, status, counts, replied } : blast)),
    );
  }

  /** A blast that was not there before. One further down than anyone scrolled is asked about once. */
  #readAgain(id: string): void {
    if (this.#further.has(id)) return;
    this.#further.add(id);
    this.#meanwhile.readAgain(READ_AGAIN_AFTER_MS, () => this.load());
  }
}
