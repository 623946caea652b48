import { Component, effect, inject, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { OptOut } from '@koneksi/contracts/opt-outs';
import { AddressState, anyText } from '../core/address-state';
import { Texts } from '../core/texts';
import { EmptyState } from '../ui/lists/empty-state';
import { AuthStore } from '../core/auth-store';
import { Loaded } from '../ui/lists/loaded';
import { RelativeTime } from '../ui/relative-time';
import { SearchField } from '../ui/forms/search-field';
import { ContactActions } from './contact-actions';
import { ContactsTabs } from './contacts-tabs';
import { HeldWishes } from './held-wishes';
import { numberText } from '../ui/number-text';
import { OptOutApi } from './opt-out-api';
import { OptOutReason } from './opt-out-reason';
import { PagedList } from '../core/paged-list';
import { settled } from '../core/settled';
import { QuotaWarning } from '../quotas/quota-warning';

/** Who wants no messages, newest first. */
@Component({
  selector: 'app-opt-outs-page',
  imports: [
    ContactsTabs,
    EmptyState,
    HeldWishes,
    Loaded,
    MatButton,
    OptOutReason,
    QuotaWarning,
    RelativeTime,
    SearchField,
  ],
  providers: [AddressState],
  templateUrl: './opt-outs-page.html',
  styleUrls: ['../ui/lists/row-list.css', '../ui/lists/filters.css', './opt-outs-page.css'],
})
export class OptOutsPage {
  readonly #api = inject(OptOutApi);
  readonly #actions = inject(ContactActions);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  protected readonly phone = numberText;
  protected readonly search = inject(AddressState).keep('q', '', anyText);
  protected readonly mayImport = inject(AuthStore).managesOutlets;
  readonly #settledSearch = settled(this.search);
  protected readonly list = new PagedList<OptOut>(
    async (after) => {
      const { optOuts, count, next } = await this.#api.page(this.#settledSearch(), after);
      return { items: optOuts, count, next };
    },
    ({ phone }) => phone,
  );

  constructor() {
    effect(() => {
      this.#settledSearch();
      untracked(() => void this.list.load());
    });
  }

  protected async import(file: File | undefined): Promise<void> {
    if (file && (await this.#actions.importOptOuts(file))) await this.list.again();
  }

  protected async open(phone: string): Promise<void> {
    if (await this.#actions.history(phone)) await this.list.again();
  }
}
