import { DestroyRef, effect, inject, Service, signal, untracked } from '@angular/core';
import type { Incident } from '@koneksi/contracts/incidents';
import type { Uptime, UptimeRanking, UptimeWindow } from '@koneksi/contracts/uptime';
import { ApiFault } from '../core/api-fault';
import { Clock } from '../core/clock';
import { gathered } from '../core/gathered';
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
    const again = gathered(() => this.#again());
    const socket = inject(RealtimeSocket);
    socket.on('planned-work:changed', again);
    inject(DestroyRef).onDestroy(() => socket.off('planned-work:changed', again));
    const minute = inject(Clock).minute;
    const { news } = inject(IncidentFeed);
    const begun = untracked(() => [minute(), news()]);
    effect(() => {
      if (minute() !== begun[0] || news() !== begun[1]) again();
    });
  }

  want(window: UptimeWindow, outletId: string | null): void {
    this.#wanted = { window, outletId };
    void this.load();
  }

  /** What is asked for. */
  async load(): Promise<void> {
    await this.#again().catch((thrown: unknown) => this.#fault.set(ApiFault.of(thrown)));
  }

  /** The same once more: what is there stays where that fails. */
  async #again(): Promise<void> {
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
      if (asked === this.#asked) throw thrown;
    }
  }
}
