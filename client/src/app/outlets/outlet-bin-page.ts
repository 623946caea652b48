import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { BinnedOutlet } from '@koneksi/contracts/bin';
import { Texts } from '../core/texts';
import { PagedList } from '../core/paged-list';
import { BinnedRow } from '../ui/binned-row';
import { EmptyState } from '../ui/empty-state';
import { Loaded } from '../ui/loaded';
import { phoneText } from '../ui/phone-text';
import { OutletActions } from './outlet-actions';
import { OutletApi } from './outlet-api';

/** Outlets that were removed, those removed last first. Nothing pushes them. */
@Component({
  selector: 'app-outlet-bin-page',
  imports: [BinnedRow, EmptyState, Loaded, MatButton, RouterLink],
  templateUrl: './outlet-bin-page.html',
  styleUrls: ['../ui/row-list.css', '../ui/bin-rows.css'],
})
export class OutletBinPage {
  readonly #api = inject(OutletApi);
  readonly #actions = inject(OutletActions);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly list = new PagedList<BinnedOutlet>(async (after) => {
    const { items, next } = await this.#api.bin(after);
    return { items, next, count: items.length };
  });

  constructor() {
    void this.list.load();
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
    if (await action) await this.list.load();
  }
}
