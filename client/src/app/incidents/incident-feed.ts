import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import type { Incident } from '@koneksi/contracts/incidents';
import { ApiFault } from '../core/api-fault';
import { AuthStore } from '../core/auth-store';
import { RealtimeSocket } from '../core/realtime-socket';
import { IncidentApi } from './incident-api';

/**
 * The newest incidents, once somebody looks at them, and what becomes of them. The push says that there is something to
 * read; however many come while it is being read, it is read once more.
 */
@Service()
export class IncidentFeed {
  readonly #api = inject(IncidentApi);
  readonly #items = signal<readonly Incident[] | null>(null);
  readonly #fault = signal<ApiFault | null>(null);
  /** `null` until the server has answered. */
  readonly items = this.#items.asReadonly();
  /** Why there is nothing to show: what was read before stays. */
  readonly fault = computed(() => (this.#items() ? null : this.#fault()));
  /** Grows with each push: whoever shows one incident in full reads it again. */
  readonly #news = signal(0);
  readonly news = this.#news.asReadonly();
  #next: string | null = null;
  #wanted = false;
  #loading: Promise<void> | null = null;
  #again = false;

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
    if (this.#loading) this.#again = true;
    this.#loading ??= this.#read().finally(() => {
      this.#loading = null;
      if (this.#again) void this.load();
    });
    return this.#loading;
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  async loadMore(): Promise<void> {
    if (this.#next === null || this.#loading) return;
    const { items, next } = await this.#api.page(this.#next);
    this.#next = next;
    this.#items.update((before) => [...(before ?? []), ...items]);
  }

  /** The caller takes care of it. */
  async acknowledge(id: string): Promise<void> {
    this.#put(await this.#api.acknowledge(id));
  }

  #changed(): void {
    this.#news.update((count) => count + 1);
    if (this.#wanted) void this.load();
  }

  async #read(): Promise<void> {
    this.#again = false;
    try {
      const { items, next } = await this.#api.page(null);
      this.#next = next;
      this.#items.set(items);
      this.#fault.set(null);
    } catch (thrown) {
      this.#fault.set(ApiFault.of(thrown));
    }
  }

  #put(incident: Incident): void {
    this.#items.update((before) => before?.map((one) => (one.id === incident.id ? incident : one)) ?? null);
  }

  /** What one person may see is not the next one's to see. */
  #forget(): void {
    this.#wanted = false;
    this.#items.set(null);
    this.#fault.set(null);
    this.#next = null;
  }
}
