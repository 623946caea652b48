import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { BinnedOutlet } from '@koneksi/contracts/bin';
import { FaultSentence } from '../core/fault-sentence';
import { wholeNumber } from '../core/formats';
import { Texts } from '../core/texts';
import { PagedList } from '../contacts/paged-list';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { NearEnd } from '../ui/near-end';
import { phoneText } from '../ui/phone-text';
import { RemovedWhen } from '../ui/removed-when';
import { SkeletonRows } from '../ui/skeleton-rows';
import { OutletActions } from './outlet-actions';
import { OutletApi } from './outlet-api';

/** Outlets that were removed, those removed last first. Nothing pushes them. */
@Component({
  selector: 'app-outlet-bin-page',
  imports: [EmptyState, Icon, MatButton, NearEnd, RemovedWhen, RouterLink, SkeletonRows],
  templateUrl: './outlet-bin-page.html',
  styleUrls: ['../ui/row-list.css', '../ui/bin-rows.css'],
})
export class OutletBinPage {
  readonly #api = inject(OutletApi);
  readonly #actions = inject(OutletActions);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly sentence = inject(FaultSentence);
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
    return wholeNumber(contacts, this.#texts.locale());
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
