import { DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import type { Incident } from '@koneksi/contracts/incidents';
import type { Uptime, UptimeRanking, UptimeWindow } from '@koneksi/contracts/uptime';
import { ApiFault } from '../core/api-fault';
import { Clock } from '../core/clock';
import { RealtimeSocket } from '../core/realtime-socket';
import { IncidentFeed } from '../incidents/incident-feed';
import { UptimeApi } from './uptime-api';

/** What the page tells. */
export interface Looked {
  readonly window: UptimeWindow;
  readonly outletId: string | null;
  readonly uptime: Uptime;
  /** Of all; `null` where one outlet is looked at. */
  readonly ranking: UptimeRanking | null;
  readonly incidents: readonly Incident[];
}

/** Looks back where it is told to, again with every minute, every incident and other work that is planned. Provided by the page. */
@Service({ autoProvided: false })
export class UptimeDesk {
  readonly #api = inject(UptimeApi);
  readonly #looked = signal<Looked | null>(null);
  readonly #fault = signal<ApiFault | null>(null);
  /** `null` until the server has answered. */
  readonly items = this.#looked.asReadonly();
  readonly fault = this.#fault.asReadonly();
  #wanted: { window: UptimeWindow; outletId: string | null } | null = null;
  /** An answer to an older question changes nothing. */
  #asked = 0;

  constructor() {
    const socket = inject(RealtimeSocket);
    const planned = (): void => void this.load();
    socket.on('planned-work:changed', planned);
    inject(DestroyRef).onDestroy(() => socket.off('planned-work:changed', planned));
    const minute = inject(Clock).minute;
    const { news } = inject(IncidentFeed);
    effect(() => {
      minute();
      news();
      untracked(() => void this.load());
    });
  }

  want(window: UptimeWindow, outletId: string | null): void {
    this.#wanted = { window, outletId };
    void this.load();
  }

  async load(): Promise<void> {
    if (!this.#wanted) return;
    const { window, outletId } = this.#wanted;
    const asked = ++this.#asked;
    try {
      const [uptime, ranking] = await Promise.all([
        this.#api.of(outletId, window),
        outletId === null ? this.#api.ranking(window) : null,
      ]);
      const incidents = await this.#api.incidents(outletId, uptime.from);
      if (asked !== this.#asked) return;
      this.#looked.set({ window, outletId, uptime, ranking, incidents });
      this.#fault.set(null);
    } catch (thrown) {
      if (asked === this.#asked) this.#fault.set(ApiFault.of(thrown));
    }
  }
}
