import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import type { ResumeAnswer, StatusChange, StoreChange } from '@koneksi/contracts/realtime';
import { AuthStore } from '../core/auth-store';
import { Clock } from '../core/clock';
import { gathered } from '../core/gathered';
import { RealtimeSocket } from '../core/realtime-socket';
import { StatusStore } from './status-store';
import { TimelineStore } from './timeline-store';

/**
 * `connecting`: nothing known yet. `lost` and `store-down`: what is shown was true as of `asOf`, and may no longer be,
 * since this page lost the server, or the server its database.
 */
export type Freshness = 'connecting' | 'live' | 'lost' | 'store-down';

/** What is shorter does not show in a strip. Milliseconds. */
const LONG_MS = 60_000;

/** Carries what the socket pushes into the store, and knows whether the store is the present truth. */
@Service()
export class StatusFeed {
  readonly #socket = inject(RealtimeSocket);
  readonly #clock = inject(Clock);
  readonly #store = inject(StatusStore);
  readonly #timelines = inject(TimelineStore);
  readonly #refresh = gathered(() => this.#timelines.refresh());
  /** The connection whose snapshot arrived: before that, a new connection shows old data. */
  readonly #synced = signal<number | null>(null);

  /** Since when the server can commit no change, and so tells none. */
  readonly #storeDownSince = signal<number | null>(null);

  readonly freshness = computed<Freshness>(() => {
    const connection = this.#socket.connection();
    if (connection !== null && connection === this.#synced() && this.#socket.silent()) return 'lost';
    if (connection !== null && connection === this.#synced()) return this.#storeDownSince() ? 'store-down' : 'live';
    return this.#store.loaded() ? 'lost' : 'connecting';
  });
  readonly stale = computed(() => this.freshness() === 'lost' || this.freshness() === 'store-down');
  readonly asOf = computed(() => this.#storeDownSince() ?? this.#socket.lostAt());

  constructor() {
    this.#socket.on('connect', () => {
      const { cursor } = this.#store;
      const lostAt = this.#socket.lostAt();
      this.#store.connected();
      // Whether nobody looked meanwhile, no change tells.
      if (lostAt !== null && this.#clock.instant() - lostAt > LONG_MS) this.#refresh();
      if (cursor !== null) this.#socket.emit('outlet-status:resume', { cursor }, (answer) => this.#catchUp(answer));
    });
    this.#socket.on('outlet-status:snapshot', (snapshot) => {
      this.#store.applySnapshot(snapshot);
      this.#synced.set(this.#socket.connection());
    });
    this.#socket.on('outlet-status:changed', (change) => this.#apply(change));
    this.#socket.on('outlet-status:removed', (removal) => this.#store.applyRemoval(removal));
    this.#socket.on('outlet-status:seen', (seen) => this.#store.applySeen(seen));
    this.#socket.on('planned-work:changed', this.#refresh);
    this.#socket.on('store:changed', ({ available, at }: StoreChange) =>
      this.#storeDownSince.set(available ? null : Date.parse(at)),
    );

    const auth = inject(AuthStore);
    effect(() => {
      auth.userId();
      // What one person may see is not the next one's to see.
      untracked(() => {
        this.#store.clear();
        this.#timelines.clear();
      });
    });
  }

  #apply(change: StatusChange): void {
    this.#store.applyChange(change);
    this.#timelines.extend(change);
  }

  reconnectNow(): void {
    this.#socket.reconnectNow();
  }

  #catchUp(answer: ResumeAnswer): void {
    // Refused or not, the snapshot of this connection holds the whole truth.
    if (!answer.success) return;
    if ('snapshot' in answer) {
      this.#store.applySnapshot(answer.snapshot);
      return this.#refresh();
    }
    for (const missed of answer.changes) {
      if ('status' in missed) this.#apply(missed);
      else this.#store.applyRemoval(missed);
    }
  }
}
