import { Component, effect, inject, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { BinnedOutlet } from '@koneksi/contracts/bin';
import { AddressState, anyText } from '../core/address-state';
import { PagedList } from '../core/paged-list';
import { settled } from '../core/settled';
import { Texts } from '../core/texts';
import { BinnedRow } from '../ui/lists/binned-row';
import { EmptyState } from '../ui/lists/empty-state';
import { Loaded } from '../ui/lists/loaded';
import { phoneText } from '../ui/phone-text';
import { SearchField } from '../ui/forms/search-field';
import { OutletActions } from './outlet-actions';
import { OutletApi } from './outlet-api';

/** Outlets that were removed, those removed last first. Nothing pushes them. */
@Component({
  selector: 'app-outlet-bin-page',
  imports: [BinnedRow, EmptyState, Loaded, MatButton, RouterLink, SearchField],
  providers: [AddressState],
  templateUrl: './outlet-bin-page.html',
  styleUrls: ['../ui/lists/row-list.css', '../ui/lists/filters.css', '../ui/lists/bin-rows.css'],
})
export class OutletBinPage {
  readonly #api = inject(OutletApi);
  readonly #actions = inject(OutletActions);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  protected readonly search = inject(AddressState).keep('q', '', anyText);
  readonly #settledSearch = settled(this.search);
  protected readonly list = new PagedList<BinnedOutlet>(
    (after) => this.#api.bin(this.#settledSearch().trim(), after),
    ({ id }) => id,
  );

  constructor() {
    effect(() => {
      this.#settledSearch();
      untracked(() => void this.list.load());
    });
  }

  protected place({ whatsappNumber, city }: BinnedOutlet): string {
    return [phoneText(whatsappNumber), city].filter(Boolean).join(' · ');
  }

  protected contactsOf({ contacts }: BinnedOutlet): string {
    return this.#texts.number(contacts);
  }

  protected restore({ id, name }: BinnedOutlet): Promise<void> {
    return this.#after(this.#actions.restore(id, name));
  }

  protected purge(outlet: BinnedOutlet): Promise<void> {
    return this.#after(this.#actions.purge(outlet));
  }

  async #after(action: Promise<boolean>): Promise<void> {
    if (await action) await this.list.again();
  }
}
