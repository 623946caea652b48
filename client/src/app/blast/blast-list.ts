import { DestroyRef, effect, inject, Service, untracked } from '@angular/core';
import type { BlastProgress, BlastSummary } from '@koneksi/contracts/blasts';
import { untilRead } from '../core/gathered';
import { Meanwhile } from '../core/meanwhile';
import { PagedList } from '../core/paged-list';
import { RealtimeSocket } from '../core/realtime-socket';
import { BlastApi } from './blast-api';

/** The blasts, newest first, kept true by pushes for as long as the page that provides it is open. */
@Service({ autoProvided: false })
export class BlastList {
  readonly #api = inject(BlastApi);
  readonly #socket = inject(RealtimeSocket);
  readonly #list = new PagedList<BlastSummary>(
    async (before) => {
      const { blasts: items, next } = await this.#api.page(before);
      return { items, next };
    },
    ({ id }) => id,
    (read) => this.#meanwhile.during(read),
  );
  readonly items = this.#list.items;
  readonly fault = this.#list.fault;
  readonly moreFault = this.#list.moreFault;
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
    return this.#meanwhile.during(() => this.#list.again());
  }

  get hasMore(): boolean {
    return this.#list.hasMore;
  }

  loadMore(): Promise<void> {
    return this.#meanwhile.during(() => this.#list.loadMore());
  }

  #progress({ blastId, revision, status, counts, replied }: BlastProgress): void {
    const blasts = this.items();
    if (!blasts) return;
    const known = blasts.find(({ id }) => id === blastId);
    if (!known) return this.#readAgain(blastId);
    if (known.revision >= revision) return;
    this.#list.put({ ...known, revision, status, counts, replied });
  }

  /** A blast that was not there before. One further down than anyone scrolled is asked about once. */
  #readAgain(id: string): void {
    if (this.#further.has(id)) return;
    this.#further.add(id);
    this.#meanwhile.readAgain(untilRead(), () => this.load());
  }
}
