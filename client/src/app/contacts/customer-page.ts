import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { PersonalDataFile } from '@koneksi/contracts/personal-data';
import { formatWhileTyping, normalizePhoneNumber } from '@koneksi/contracts/phone-number';
import { firstValueFrom } from 'rxjs';
import { Texts } from '../core/texts';
import { EmptyState } from '../ui/lists/empty-state';
import { FormField } from '../ui/forms/form-field';
import { Icon } from '../ui/icon';
import { Notifier } from '../ui/notifier';
import { Submission } from '../ui/forms/submission';
import { TextField } from '../ui/forms/text-field';
import { ContactsTabs } from './contacts-tabs';
import { CustomerApi } from './customer-api';
import { EraseDialog } from './erase-dialog';
import { numberText } from '../ui/number-text';
import { saveFile } from '../core/save-file';

/** What a shop keeps of one customer: shown, handed over as a file, or erased for good. */
@Component({
  selector: 'app-customer-page',
  imports: [ContactsTabs, EmptyState, Icon, MatButton, TextField],
  templateUrl: './customer-page.html',
  styleUrl: './customer-page.css',
})
export class CustomerPage {
  readonly #api = inject(CustomerApi);
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly format = formatWhileTyping;
  protected readonly fields = {
    phone: new FormField('', (typed) => {
      if (typed.trim() === '') return this.t('contacts.form.numberMissing');
      return normalizePhoneNumber(typed) ? null : this.t('contacts.form.numberWrong');
    }),
  };
  protected readonly form = new Submission(this.fields);
  protected readonly file = signal<PersonalDataFile | null>(null);
  protected readonly shown = computed(() => numberText(this.file()?.phone ?? ''));
  /** Those of which there is anything. */
  protected readonly kept = computed(() =>
    Object.entries(this.file()?.about ?? {})
      .filter(([, rows]) => rows.length > 0)
      .map(([about, rows]) => ({ about, count: this.#texts.number(rows.length) })),
  );

  /** That somebody opted out stays. */
  protected readonly isErasable = computed(() => this.kept().some(({ about }) => about !== 'consent'));

  protected look(event: Event): Promise<void> {
    return this.form.run(event, () => this.#read(normalizePhoneNumber(this.fields.phone.value()) ?? ''));
  }

  protected download(): void {
    const file = this.file();
    if (file) saveFile(new Blob([JSON.stringify(file, null, 2)], { type: 'application/json' }), `${file.phone}.json`);
  }

  protected async erase(event: Event): Promise<void> {
    const phone = this.file()?.phone;
    if (!phone) return;
    const dialog = this.#dialog.open(EraseDialog, { data: phone, panelClass: 'dialog' });
    if ((await firstValueFrom(dialog.afterClosed())) !== true) return;
    await this.form.run(event, async () => {
      await this.#api.erase(phone);
      this.#notifier.tell('customer.erased', { phone: this.shown() });
      await this.#read(phone);
    });
  }

  /** In the reader's words, or as the file names it. */
  protected named(about: string): string {
    const key = `customer.about.${about}`;
    const words = this.t(key as 'customer.about.contacts');
    return words === key ? about : words;
  }

  async #read(phone: string): Promise<void> {
    this.file.set(await this.#api.data(phone));
  }
}
