import { HttpClient } from '@angular/common/http';
import { computed, DestroyRef, inject, Service, signal } from '@angular/core';
import type { StatusHistoryAnswer, StatusHistoryEntry } from '@koneksi/contracts/outlet-status-schema';
import type { StatusChange } from '@koneksi/contracts/realtime';
import { firstValueFrom } from 'rxjs';
import { AgainLater } from '../core/again-later';
import { ApiFault } from '../core/api-fault';
import { Meanwhile } from '../core/meanwhile';
import { RealtimeSocket } from '../core/realtime-socket';

const AT_A_TIME = 30;

/** What happened to one outlet, newest first: asked for once, then lengthened by pushes above and on demand below. */
@Service({ autoProvided: false })
export class OutletHistory {
  readonly #http = inject(HttpClient);
  readonly #socket = inject(RealtimeSocket);
  readonly #entries = signal<readonly StatusHistoryEntry[] | null>(null);
  readonly #complete = signal(false);
  readonly #fault = signal<ApiFault | null>(null);
  #outletId = '';
  readonly #later = new AgainLater();
  readonly #meanwhile = new Meanwhile<StatusChange>((change) => this.#add(change));

  /** `null` until the server has answered. */
  readonly entries = this.#entries.asReadonly();
  readonly fault = this.#fault.asReadonly();
  readonly hasMore = computed(() => this.#entries() !== null && !this.#complete());

  constructor() {
    const changed = (change: StatusChange) => this.#meanwhile.take(change);
    // What happened while the page was not connected is asked for anew.
    const connected = () => void this.#again();
    this.#socket.on('outlet-status:changed', changed);
    this.#socket.on('connect', connected);
    inject(DestroyRef).onDestroy(() => {
      this.#socket.off('outlet-status:changed', changed);
      this.#socket.off('connect', connected);
      this.#later.stop();
    });
  }

  follow(outletId: string): void {
    this.#outletId = outletId;
    void this.load();
  }

  load(): Promise<void> {
    return this.#ask({}, (entries) => entries);
  }

  /** What happened since is put above what is shown, where nothing is missing in between. */
  async #again(): Promise<void> {
    if (!this.#entries()) return this.load();
    await this.#meanwhile.during(async () => {
      try {
        const newest = await this.#read({});
        const before = this.#entries() ?? [];
        const told = new Set(newest.map(({ cursor }) => cursor));
        const older = before.filter(({ cursor }) => !told.has(cursor));
        if (older.length < before.length) this.#entries.set([...newest, ...older]);
        else {
          this.#complete.set(newest.length < AT_A_TIME);
          this.#entries.set(newest);
        }
        this.#later.worked();
      } catch {
        this.#later.failed(() => this.#again());
      }
    });
  }

  async loadMore(): Promise<void> {
    const oldest = this.#entries()?.at(-1);
    if (!oldest) return;
    await this.#ask({ to: oldest.at }, (older) => {
      // As they are by now: who pressed may have been told meanwhile.
      const before = this.#entries() ?? [];
      const known = new Set(before.map(({ cursor }) => cursor));
      return [...before, ...older.filter(({ cursor }) => !known.has(cursor))];
    });
  }

  async #ask(
    range: { to?: string; since?: number },
    place: (entries: StatusHistoryEntry[]) => readonly StatusHistoryEntry[],
  ): Promise<void> {
    this.#fault.set(null);
    await this.#meanwhile.during(async () => {
      try {
        const entries = await this.#read(range);
        if (range.since === undefined) this.#complete.set(entries.length < AT_A_TIME);
        this.#entries.set(place(entries));
      } catch (thrown) {
        if (range.since === undefined) this.#fault.set(ApiFault.of(thrown));
      }
    });
  }

  async #read(range: { to?: string; since?: number }): Promise<StatusHistoryEntry[]> {
    const params = { limit: AT_A_TIME, ...range };
    const path = `/api/outlets/${this.#outletId}/history`;
    return (await firstValueFrom(this.#http.get<StatusHistoryAnswer>(path, { params }))).entries;
  }

  /** The history keeps changes of status or reason only, as the server's does. */
  #add({ cursor, at, previous, status }: StatusChange): void {
    const entries = this.#entries();
    if (status.outletId !== this.#outletId || !entries) return;
    const newest = entries[0];
    if (newest && newest.cursor >= cursor) return;
    const { reason, revision, session } = status;
    if (newest && newest.status === session.status && newest.reason?.code === reason?.code) return;
    this.#entries.set([{ cursor, at, previous, status: session.status, revision, reason, pressed: null }, ...entries]);
    // Who is behind it is not pushed: the history knows.
    void this.#ask({ since: cursor - 1 }, (told) => {
      const known = new Map(told.map((entry) => [entry.cursor, entry]));
      return (this.#entries() ?? []).map((entry) => known.get(entry.cursor) ?? entry);
    });
  }
}
