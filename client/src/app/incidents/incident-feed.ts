import { effect, inject, Service, signal, untracked } from '@angular/core';
import type { Incident } from '@koneksi/contracts/incidents';
import { AuthStore } from '../core/auth-store';
import { gathered } from '../core/gathered';
import { PagedList } from '../core/paged-list';
import { RealtimeSocket } from '../core/realtime-socket';
import { IncidentApi } from './incident-api';

/**
 * The newest incidents, once somebody looks at them, and what becomes of them. The push says that there is something to
 * read; however many come at once, it is read once.
 */
@Service()
export class IncidentFeed {
  readonly #api = inject(IncidentApi);
  readonly #list = new PagedList<Incident>(
    (after) => this.#api.page(after),
    ({ id }) => id,
  );
  /** `null` until the server has answered. */
  readonly items = this.#list.items;
  readonly fault = this.#list.fault;
  readonly moreFault = this.#list.moreFault;
  /** Grows when there is something to read: whoever shows one incident in full reads it again. */
  readonly #news = signal(0);
  readonly news = this.#news.asReadonly();
  #wanted = false;
  readonly #changed = gathered(async () => {
    this.#news.update((count) => count + 1);
    if (this.#wanted) await this.#list.again();
  });

  constructor() {
    const socket = inject(RealtimeSocket);
    socket.on('incident:changed', () => this.#changed());
    const auth = inject(AuthStore);
    let reader = auth.userId();
    effect(() => {
      const userId = auth.userId();
      if (userId !== reader) untracked(() => this.#forget());
      reader = userId;
    });
    effect(() => {
      // What was pushed while there was no connection was missed.
      if (socket.connection() !== null) untracked(() => this.#changed());
    });
  }

  /** From now on they are kept up to date. */
  want(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    void this.load();
  }

  load(): Promise<void> {
    return this.#list.again();
  }

  get hasMore(): boolean {
    return this.#list.hasMore;
  }

  loadMore(): Promise<void> {
    return this.#list.loadMore();
  }

  /** The caller takes care of it. */
  async acknowledge(id: string): Promise<void> {
    this.#list.put(await this.#api.acknowledge(id));
  }

  /** What one person may see is not the next one's to see. */
  #forget(): void {
    this.#wanted = false;
    this.#list.clear();
  }
}
