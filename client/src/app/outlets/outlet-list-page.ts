import { Component, computed, inject, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { AddressState, anyText, oneOf } from '../core/address-state';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { FreshnessLine } from '../live-status/freshness-line';
import { NameOrder } from '../live-status/name-order';
import { OutletFilters } from '../live-status/outlet-filters';
import { inUse, OutletGroups } from '../live-status/outlet-groups';
import { StatusFeed } from '../live-status/status-feed';
import { EVERYTHING, isAmong } from '../live-status/status-order';
import { StatusStore } from '../live-status/status-store';
import { ChoiceField } from '../ui/forms/choice-field';
import { EmptyState } from '../ui/lists/empty-state';
import { Icon } from '../ui/icon';
import { Notifier } from '../ui/notifier';
import { SkeletonRows } from '../ui/lists/skeleton-rows';
import { VirtualRow, VirtualRows } from '../ui/lists/virtual-rows';
import { BulkRuns, type BulkVerb } from './bulk-runs';
import { ConnectOpener } from './linking/connect-opener';
import { NoOutlets } from './no-outlets';
import { OutletActions } from './outlet-actions';
import { OutletAdder } from './outlet-adder';
import { OutletRow } from './outlet-row';

const IN_USE = ['', 'active', 'inactive'] as const;

/** The pushed statuses name every outlet there is to see: this page asks the server for no list. */
@Component({
  selector: 'app-outlet-list-page',
  imports: [
    ChoiceField,
    EmptyState,
    FreshnessLine,
    Icon,
    MatButton,
    MatIconButton,
    MatMenuModule,
    NoOutlets,
    OutletFilters,
    OutletRow,
    RouterLink,
    SkeletonRows,
    VirtualRow,
    VirtualRows,
  ],
  providers: [AddressState],
  templateUrl: './outlet-list-page.html',
  styleUrls: ['../ui/lists/table.css', '../ui/lists/filters.css', './outlet-list-page.css'],
})
export class OutletListPage {
  readonly #store = inject(StatusStore);
  readonly #names = inject(NameOrder);
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);
  readonly #adder = inject(OutletAdder);
  readonly #connectOpener = inject(ConnectOpener);
  protected readonly actions = inject(OutletActions);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  readonly #auth = inject(AuthStore);
  protected readonly managesOutlets = this.#auth.managesOutlets;
  protected readonly managesUsers = this.#auth.managesUsers;
  protected readonly stale = inject(StatusFeed).stale;

  protected readonly loaded = this.#store.loaded;
  protected readonly counts = this.#store.counts;
  readonly #address = inject(AddressState);
  protected readonly search = this.#address.keep('q', EVERYTHING.search, anyText);
  protected readonly chosenCity = this.#address.keep<string | null>('city', null, anyText);
  protected readonly chosenTag = this.#address.keep<string | null>('tag', null, anyText);
  protected readonly use = this.#address.keep<(typeof IN_USE)[number]>('use', '', oneOf(IN_USE));
  readonly #groups = inject(OutletGroups);
  protected readonly city = computed(() => inUse(this.chosenCity(), this.#groups.cities()));
  protected readonly tag = computed(() => inUse(this.chosenTag(), this.#groups.tags()));
  /** What passes the filters but that of use, by name. */
  readonly #among = computed(() => {
    const filter = { ...EVERYTHING, search: this.search(), city: this.city(), tag: this.tag() };
    return this.#names.rows().filter(({ status }) => isAmong(status, filter));
  });
  /** Each with as many outlets as it would show. */
  protected readonly uses = computed(() => {
    const all = this.#among().length;
    const active = this.#among().filter(({ status }) => status.outlet.isActive).length;
    const counts = { '': all, active: active, inactive: all - active };
    return IN_USE.map((value) => ({
      value,
      label: this.t(`outlets.use.${value || 'all'}`, { count: this.number(counts[value]) }),
    }));
  });
  protected readonly ids = computed(
    () => {
      const use = this.use();
      return this.#among().flatMap(({ id, status }) =>
        use === '' || status.outlet.isActive === (use === 'active') ? [id] : [],
      );
    },
    { equal: (one, other) => one.length === other.length && one.every((id, index) => id === other[index]) },
  );
  protected readonly row = (id: string) => this.#store.row(id);

  readonly #chosen = signal<ReadonlySet<string>>(new Set());
  /** What is filtered away is not chosen: no one acts upon what they do not see. */
  protected readonly selected = computed(() => new Set(this.ids().filter((id) => this.#chosen().has(id))));
  protected readonly allSelected = computed(() => this.ids().length > 0 && this.selected().size === this.ids().length);
  readonly #running = inject(BulkRuns).progress;
  protected readonly working = computed(() => this.#running() !== null);

  protected showAll(): void {
    this.search.set(EVERYTHING.search);
    this.chosenCity.set(EVERYTHING.city);
    this.chosenTag.set(EVERYTHING.tag);
    this.use.set('');
  }

  protected select(id: string, isChosen: boolean): void {
    const chosen = new Set(this.selected());
    if (isChosen) chosen.add(id);
    else chosen.delete(id);
    this.#chosen.set(chosen);
  }

  protected selectAll(): void {
    this.#chosen.set(this.allSelected() ? new Set() : new Set(this.ids()));
  }

  protected clearSelection(): void {
    this.#chosen.set(new Set());
  }

  /** The selection stays: what was done to it may be undone, or something else done next. */
  protected forSelected(verb: BulkVerb): void {
    void this.actions.forAll([...this.selected()], verb);
  }

  protected async assignStaff(id: string): Promise<void> {
    const name = this.#store.row(id)?.status.outlet.name ?? '';
    const { AssignStaffDialog } = await import('./assign-staff-dialog');
    const dialog = this.#dialog.open(AssignStaffDialog, { data: { id, name }, panelClass: 'dialog' });
    if (await firstValueFrom(dialog.afterClosed())) this.#notifier.tell('outlets.saved', { name });
  }

  protected async linkForShop(id: string): Promise<void> {
    const name = this.#store.row(id)?.status.outlet.name ?? '';
    const { ReconnectLinksDialog } = await import('./links/reconnect-links-dialog');
    this.#dialog.open(ReconnectLinksDialog, { data: { id, name }, panelClass: 'dialog' });
  }

  protected connect(id: string): void {
    void this.#connectOpener.open(id);
  }

  protected add(): void {
    void this.#adder.add();
  }

  protected import(): void {
    void this.#adder.import();
  }

  protected export(): Promise<void> {
    return this.actions.export();
  }

  protected edit(id: string): void {
    void this.#adder.edit(id);
  }
}
