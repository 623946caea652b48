import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import type { BinnedOutlet } from '@koneksi/contracts/bin';
import { firstValueFrom } from 'rxjs';
import { FaultSentence } from '../core/fault-sentence';
import { wholeNumber } from '../core/formats';
import { Texts } from '../core/texts';
import { PagedList } from '../contacts/paged-list';
import { ConfirmDialog, type Confirmation } from '../ui/confirm-dialog';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { NearEnd } from '../ui/near-end';
import { Notifier } from '../ui/notifier';
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
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);
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

  protected async restore({ id, name }: BinnedOutlet): Promise<void> {
    if (await this.#actions.restore(id, name)) await this.list.load();
  }

  protected async purge(outlet: BinnedOutlet): Promise<void> {
    const { id, name } = outlet;
    const data: Confirmation = {
      title: this.t('bin.purgeTitle', { name }),
      body: this.t('bin.purgeOutletBody', { count: this.contactsOf(outlet) }),
      confirm: this.t('bin.purge'),
    };
    const asked = this.#dialog.open(ConfirmDialog, { data, panelClass: 'dialog', role: 'alertdialog' });
    if ((await firstValueFrom(asked.afterClosed())) !== true) return;
    try {
      await this.#api.purge(id);
      this.#notifier.tell('bin.purged', { name });
      await this.list.load();
    } catch (fault) {
      this.#notifier.tellFault(fault);
    }
  }
}
