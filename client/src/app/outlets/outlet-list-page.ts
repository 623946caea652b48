import { Component, computed, inject, linkedSignal, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import type { Outlet } from '@koneksi/contracts/outlets';
import { firstValueFrom } from 'rxjs';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { FreshnessLine } from '../outlet-status/freshness-line';
import { StatusFeed } from '../outlet-status/status-feed';
import { byOutletName, EVERYTHING, matches } from '../outlet-status/status-order';
import { StatusStore } from '../outlet-status/status-store';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { NearEnd, ROWS_AT_A_TIME } from '../ui/near-end';
import { Notifier } from '../ui/notifier';
import { SearchField } from '../ui/search-field';
import { SkeletonRows } from '../ui/skeleton-rows';
import { ConnectOpener } from './connect-opener';
import { OutletActions } from './outlet-actions';
import type { EditedOutlet } from './outlet-form-dialog';
import { OutletRow } from './outlet-row';

/** The pushed statuses name every outlet there is to see: this page asks the server for nothing. */
@Component({
  selector: 'app-outlet-list-page',
  imports: [EmptyState, FreshnessLine, Icon, MatButton, MatMenuModule, NearEnd, OutletRow, SearchField, SkeletonRows],
  templateUrl: './outlet-list-page.html',
  styleUrl: './outlet-list-page.css',
})
export class OutletListPage {
  readonly #store = inject(StatusStore);
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);
  readonly #connectOpener = inject(ConnectOpener);
  protected readonly actions = inject(OutletActions);
  protected readonly t = inject(Texts).t;
  protected readonly managesOutlets = inject(AuthStore).managesOutlets;
  protected readonly freshness = inject(StatusFeed).freshness;

  protected readonly loaded = this.#store.loaded;
  protected readonly counts = this.#store.counts;
  protected readonly search = signal('');
  protected readonly matching = computed(() =>
    byOutletName(this.#store.rows().filter((row) => matches(row.status, { ...EVERYTHING, search: this.search() }))),
  );
  readonly #limit = linkedSignal({ source: this.search, computation: () => ROWS_AT_A_TIME });
  protected readonly rows = computed(() => this.matching().slice(0, this.#limit()));

  protected showMore(): void {
    this.#limit.update((limit) => limit + ROWS_AT_A_TIME);
  }

  protected connect(id: string): void {
    void this.#connectOpener.open(id);
  }

  protected async add(): Promise<void> {
    const outlet = await this.#openForm(null);
    if (outlet) this.#notifier.tell('outlets.added', { name: outlet.name });
  }

  protected async edit(id: string): Promise<void> {
    const status = this.#store.row(id)?.status;
    if (!status) return;
    const saved = await this.#openForm({ id, ...status.outlet, autoReconnect: status.session.autoReconnect });
    if (saved) this.#notifier.tell('outlets.saved', { name: saved.name });
  }

  async #openForm(outlet: EditedOutlet | null): Promise<Outlet | undefined> {
    const { OutletFormDialog } = await import('./outlet-form-dialog');
    const form = this.#dialog.open<InstanceType<typeof OutletFormDialog>, EditedOutlet | null, Outlet>(
      OutletFormDialog,
      {
        data: outlet,
        panelClass: 'dialog',
      },
    );
    return firstValueFrom(form.afterClosed());
  }
}
