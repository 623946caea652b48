import { Component, computed, inject, linkedSignal, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { ConnectOpener } from '../outlets/connect-opener';
import { OutletActions } from '../outlets/outlet-actions';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { NearEnd, ROWS_AT_A_TIME } from '../ui/near-end';
import { Notifier } from '../ui/notifier';
import { PointedAt } from '../ui/pointed-at';
import { SkeletonRows } from '../ui/skeleton-rows';
import { ChangeAnnouncer } from './change-announcer';
import { FreshnessLine } from './freshness-line';
import { StatusApi } from './status-api';
import { StatusFeed } from './status-feed';
import { StatusFilters } from './status-filters';
import { EVERYTHING, heldOrder, matches, problemsFirst, type StatusFilter } from './status-order';
import { StatusRowView } from './status-row';
import { StatusStore } from './status-store';
import { SummaryCards } from './summary-cards';

@Component({
  selector: 'app-status-page',
  imports: [
    EmptyState,
    FreshnessLine,
    Icon,
    MatButton,
    NearEnd,
    PointedAt,
    RouterLink,
    SkeletonRows,
    StatusFilters,
    StatusRowView,
    SummaryCards,
  ],
  providers: [ChangeAnnouncer],
  templateUrl: './status-page.html',
  styleUrl: './status-page.css',
})
export class StatusPage {
  readonly #store = inject(StatusStore);
  readonly #api = inject(StatusApi);
  readonly #notifier = inject(Notifier);
  readonly #connectOpener = inject(ConnectOpener);
  readonly #actions = inject(OutletActions);
  protected readonly t = inject(Texts).t;
  protected readonly managesOutlets = inject(AuthStore).managesOutlets;
  protected readonly freshness = inject(StatusFeed).freshness;

  protected readonly loaded = this.#store.loaded;
  protected readonly counts = this.#store.counts;
  protected readonly health = signal<StatusFilter['health']>(EVERYTHING.health);
  protected readonly search = signal(EVERYTHING.search);
  protected readonly status = signal<OutletStatusName | null>(EVERYTHING.status);
  readonly #filter = computed<StatusFilter>(() => ({
    health: this.health(),
    search: this.search(),
    status: this.status(),
  }));

  private readonly pointedAt = viewChild(PointedAt);
  readonly #wanted = computed(() =>
    problemsFirst(this.#store.rows().filter((row) => matches(row.status, this.#filter()))).map((row) => row.id),
  );
  /** Problems first, but never moving under a pointer: the new order waits until no one points at the table. */
  readonly #order = linkedSignal<{ wanted: string[]; filter: StatusFilter; held: boolean }, string[]>({
    source: () => ({ wanted: this.#wanted(), filter: this.#filter(), held: this.pointedAt()?.active() ?? false }),
    computation: ({ wanted, filter, held }, before) =>
      held && before?.source.filter === filter
        ? heldOrder(before.value, wanted, (id) => this.#store.row(id) !== undefined)
        : wanted,
  });
  /** A thousand rows would take seconds to draw; no one looks at more than a screen of them. */
  readonly #limit = linkedSignal({ source: this.#filter, computation: () => ROWS_AT_A_TIME });
  protected readonly matching = computed(() => this.#order().length);
  protected readonly rows = computed(() =>
    this.#order()
      .slice(0, this.#limit())
      .flatMap((id) => this.#store.row(id) ?? []),
  );

  protected readonly verifying = signal(false);

  constructor() {
    inject(ChangeAnnouncer);
  }

  protected showMore(): void {
    this.#limit.update((limit) => limit + ROWS_AT_A_TIME);
  }

  protected showAll(): void {
    this.health.set(EVERYTHING.health);
    this.search.set(EVERYTHING.search);
    this.status.set(EVERYTHING.status);
  }

  protected async verifyNow(): Promise<void> {
    if (this.verifying()) return;
    this.verifying.set(true);
    try {
      const { statuses } = await this.#api.verifyNow();
      this.#store.applyAnswer(statuses);
      this.#notifier.tell('status.refreshed');
    } catch (fault) {
      this.#notifier.tellFault(fault);
    } finally {
      this.verifying.set(false);
    }
  }

  protected connect(outletId: string): void {
    void this.#connectOpener.open(outletId);
  }

  protected resume(outletId: string): void {
    void this.#actions.resume(outletId);
  }
}
