import {
  afterNextRender,
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  Injector,
  input,
  linkedSignal,
  signal,
  untracked,
  viewChild,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router } from '@angular/router';
import { STATUS_NAMES, type OutletStatusName } from '@koneksi/contracts/outlet-status';
import { AddressState, anyText, oneOf } from '../core/address-state';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { FirstSteps } from '../first-steps/first-steps';
import { ConnectOpener } from '../outlets/linking/connect-opener';
import { OutletActions } from '../outlets/outlet-actions';
import { NoOutlets } from '../outlets/no-outlets';
import { ChoiceField } from '../ui/forms/choice-field';
import { EmptyState } from '../ui/lists/empty-state';
import { Notifier } from '../ui/notifier';
import { PointedAt } from '../ui/pointed-at';
import { SkeletonRows } from '../ui/lists/skeleton-rows';
import { VirtualRow, VirtualRows } from '../ui/lists/virtual-rows';
import { ChangeAnnouncer } from './change-announcer';
import { saveFile } from '../core/save-file';
import { FleetBanner } from './fleet-banner';
import { FleetEvents } from './fleet-events';
import { FreshnessLine } from '../live-status/freshness-line';
import { NameOrder } from '../live-status/name-order';
import { OutletFilters } from '../live-status/outlet-filters';
import { inUse, OutletGroups } from '../live-status/outlet-groups';
import { OutletSheetOpener } from './outlet-sheet-opener';
import { StatusApi } from './status-api';
import { StatusChips } from './status-chips';
import { COLUMNS, fitting, StatusColumns, tracks } from './status-columns';
import { statusCsv } from './status-csv';
import { facetsOf } from './status-facets';
import { StatusFeed } from '../live-status/status-feed';
import {
  EVERYTHING,
  HEALTHS,
  heldOrder,
  matches,
  sorted,
  SORTS,
  type Sort,
  type StatusFilter,
} from '../live-status/status-order';
import { StatusPast } from '../live-status/status-past';
import { StatusPrinter } from './status-printer';
import { StatusRowView } from './status-row';
import { StatusStore } from '../live-status/status-store';
import { StatusTools } from './status-tools';
import { SummaryCards } from './summary-cards';
import { TimelineStore } from '../live-status/timeline-store';
import { WallView } from './wall/wall-view';

const CARD_COLUMNS = COLUMNS.filter(({ name }) => ['outlet', 'state', 'since', 'reason', 'strip'].includes(name));
/** An A4 sheet on its side, in pixels as style sheets count them. */
const PAPER_WIDTH = 1_040;

@Component({
  selector: 'app-status-page',
  imports: [
    ChoiceField,
    EmptyState,
    FirstSteps,
    FleetBanner,
    FreshnessLine,
    MatButton,
    NoOutlets,
    OutletFilters,
    PointedAt,
    SkeletonRows,
    StatusChips,
    StatusRowView,
    StatusTools,
    SummaryCards,
    VirtualRow,
    VirtualRows,
    WallView,
  ],
  providers: [AddressState, ChangeAnnouncer, OutletSheetOpener, StatusPrinter],
  templateUrl: './status-page.html',
  styleUrls: ['../ui/lists/table.css', './status-page.css'],
})
export class StatusPage {
  /** The outlet whose sheet is open; bound from the address. */
  readonly outlet = input<string>();
  /** `wall` for a screen that is looked at from afar; bound from the address. */
  readonly view = input<string>();

  readonly #store = inject(StatusStore);
  readonly #names = inject(NameOrder);
  readonly #router = inject(Router);
  readonly #api = inject(StatusApi);
  readonly #notifier = inject(Notifier);
  readonly #connectOpener = inject(ConnectOpener);
  readonly #actions = inject(OutletActions);
  readonly #texts = inject(Texts);
  readonly #past = inject(StatusPast);
  protected readonly printer = inject(StatusPrinter);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  protected readonly managesOutlets = inject(AuthStore).managesOutlets;
  protected readonly stale = inject(StatusFeed).stale;

  protected readonly loaded = this.#store.loaded;
  protected readonly counts = this.#store.counts;
  readonly #address = inject(AddressState);
  protected readonly health = this.#address.keep('health', EVERYTHING.health, oneOf(HEALTHS));
  protected readonly search = this.#address.keep('q', EVERYTHING.search, anyText);
  protected readonly status = this.#address.keep<OutletStatusName | null>('status', null, oneOf(STATUS_NAMES));
  protected readonly chosenCity = this.#address.keep<string | null>('city', null, anyText);
  protected readonly chosenTag = this.#address.keep<string | null>('tag', null, anyText);
  protected readonly sort = this.#address.keep<Sort>('sort', 'problems', oneOf(SORTS));
  protected readonly sorts = computed(() => SORTS.map((value) => ({ value, label: this.t(`status.sorts.${value}`) })));
  readonly #groups = inject(OutletGroups);
  protected readonly city = computed(() => inUse(this.chosenCity(), this.#groups.cities()));
  protected readonly tag = computed(() => inUse(this.chosenTag(), this.#groups.tags()));
  readonly #filter = computed<StatusFilter & { sort: Sort }>(() => ({
    health: this.health(),
    search: this.search(),
    status: this.status(),
    city: this.city(),
    tag: this.tag(),
    sort: this.sort(),
  }));

  private readonly pointedAt = viewChild(PointedAt);
  private readonly rows = viewChild(VirtualRows);
  private readonly rowGroup = viewChild<VirtualRows, ElementRef<HTMLElement>>(VirtualRows, { read: ElementRef });
  readonly #chosenColumns = inject(StatusColumns).chosen;
  protected readonly tracks = tracks;
  protected readonly columns = computed(() => {
    if (this.printer.printing()) return fitting(this.#chosenColumns(), PAPER_WIDTH);
    const rows = this.rows();
    return rows && !rows.isTable() ? CARD_COLUMNS : fitting(this.#chosenColumns(), rows?.width() ?? window.innerWidth);
  });

  /** What each further choice would show; `null` while nothing is known yet. */
  protected readonly facets = computed(() =>
    this.loaded() ? facetsOf(this.#names.rows(), this.#filter(), this.#past.isUnstable) : null,
  );
  /** What passes the filters, by name. */
  protected readonly matching = computed(() => {
    const filter = this.#filter();
    return this.#names.rows().filter((row) => matches(row.status, filter, this.#past.isUnstable(row.id)));
  });
  readonly #wanted = computed(() => sorted(this.matching(), this.sort(), this.#past).map((row) => row.id), {
    equal: sameOrder,
  });
  /** Sorted, but never moving under a pointer: the new order waits until no one points at the table. */
  protected readonly order = linkedSignal<{ wanted: string[]; filter: StatusFilter; held: boolean }, string[]>({
    source: () => ({ wanted: this.#wanted(), filter: this.#filter(), held: this.pointedAt()?.active() ?? false }),
    computation: ({ wanted, filter, held }, before) =>
      held && before?.source.filter === filter
        ? heldOrder(before.value, wanted, (id) => this.#store.row(id) !== undefined)
        : wanted,
    equal: sameOrder,
  });
  protected readonly row = (id: string) => this.#store.row(id);

  readonly #events = inject(FleetEvents);
  /** Most of the fleet is down for one cause: all of the page says so. */
  protected readonly alarm = computed(() => this.#events.current()?.until === null);

  protected readonly verifying = signal(false);

  constructor() {
    inject(ChangeAnnouncer);
    const timelines = inject(TimelineStore);
    const injector = inject(Injector);
    effect(() => {
      // What is wrong now comes before what was.
      if (this.loaded()) afterNextRender(() => timelines.want(), { injector });
    });
    const sheet = inject(OutletSheetOpener);
    effect(() => {
      const outletId = this.outlet();
      if (this.loaded()) untracked(() => sheet.show(outletId ?? null));
    });
  }

  protected showAll(): void {
    this.health.set(EVERYTHING.health);
    this.search.set(EVERYTHING.search);
    this.status.set(EVERYTHING.status);
    this.chosenCity.set(EVERYTHING.city);
    this.chosenTag.set(EVERYTHING.tag);
  }

  /** What `aria-sort` says of a column. */
  protected sortedBy(sort: Sort | undefined): 'ascending' | null {
    return this.sort() === sort ? 'ascending' : null;
  }

  /** What is shown, in the order it is shown in. */
  protected export(): void {
    const rows = this.order().flatMap((id) => this.#store.row(id) ?? []);
    const csv = new Blob([statusCsv(rows, this.#past, this.#texts)], { type: 'text/csv;charset=utf-8' });
    saveFile(csv, `status-${new Date().toISOString().slice(0, 10)}.csv`);
  }

  /** Past all that the list is narrowed and sorted by: the worst outlet stands first. */
  protected skipToOutlets(event: Event): void {
    event.preventDefault();
    this.rowGroup()?.nativeElement.querySelector('button')?.focus();
  }

  protected show(outletId: string): void {
    void this.#router.navigate([], { queryParams: { outlet: outletId }, queryParamsHandling: 'merge' });
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

function sameOrder(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id, index) => id === other[index]);
}
