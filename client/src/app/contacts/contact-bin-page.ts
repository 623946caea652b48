import { Component, effect, inject, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { BinnedContact } from '@koneksi/contracts/bin';
import { AddressState, anyText } from '../core/address-state';
import { Texts } from '../core/texts';
import { BinnedRow } from '../ui/lists/binned-row';
import { ChoiceField } from '../ui/forms/choice-field';
import { EmptyState } from '../ui/lists/empty-state';
import { Loaded } from '../ui/lists/loaded';
import { SearchField } from '../ui/forms/search-field';
import { chosenOutlet } from './chosen-outlet';
import { ContactActions } from './contact-actions';
import { ContactApi } from './contact-api';
import { ContactsTabs } from './contacts-tabs';
import { numberText } from '../ui/number-text';
import { PagedList } from '../core/paged-list';
import { settled } from '../core/settled';
import { WhichOutlet } from './which-outlet';

/** Contacts that were removed from an outlet, those removed last first. */
@Component({
  selector: 'app-contact-bin-page',
  imports: [BinnedRow, ChoiceField, ContactsTabs, EmptyState, Loaded, MatButton, SearchField, WhichOutlet],
  providers: [AddressState],
  templateUrl: './contact-bin-page.html',
  styleUrls: ['../ui/lists/row-list.css', '../ui/lists/filters.css', '../ui/lists/bin-rows.css'],
})
export class ContactBinPage {
  readonly #api = inject(ContactApi);
  readonly #actions = inject(ContactActions);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  protected readonly phone = numberText;
  protected readonly chosen = chosenOutlet();
  protected readonly search = inject(AddressState).keep('q', '', anyText);
  readonly #settledSearch = settled(this.search);
  protected readonly list = new PagedList<BinnedContact>(
    async (after) => await this.#api.bin(this.chosen.id()!, this.#settledSearch(), after),
    ({ id }) => id,
  );

  constructor() {
    effect(() => {
      this.#settledSearch();
      if (this.chosen.id()) untracked(() => void this.list.load());
    });
  }

  protected nameOf({ name, phone }: BinnedContact): string {
    return name ?? numberText(phone);
  }

  protected restore({ id }: BinnedContact): Promise<void> {
    return this.#after(this.#actions.restore(this.chosen.id()!, { contactIds: [id] }));
  }

  protected purge(contact: BinnedContact): Promise<void> {
    return this.#after(this.#actions.purge(this.chosen.id()!, contact.id, this.nameOf(contact)));
  }

  /** Of the whole outlet, whatever is searched for; so it is offered where nothing is. */
  protected empty(): Promise<void> {
    return this.#after(this.#actions.emptyBin(this.chosen.id()!, this.list.count()));
  }

  async #after(action: Promise<boolean>): Promise<void> {
    if (await action) await this.list.again();
  }
}
