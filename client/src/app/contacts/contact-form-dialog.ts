import { Component, inject } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { Contact } from '@koneksi/contracts/contacts';
import {
  formatPhoneNumber,
  formatWhileTyping,
  normalizePhoneNumber,
  readPhoneNumber,
} from '@koneksi/contracts/phone-number';
import type { Edited } from '../core/edited';
import { Texts } from '../core/texts';
import { ChangedMeanwhile } from '../ui/forms/changed-meanwhile';
import { NEWEST, type Newest } from '../ui/forms/editing';
import { FormField } from '../ui/forms/form-field';
import { FormFoot } from '../ui/forms/form-foot';
import { Submission } from '../ui/forms/submission';
import { TagsField } from '../ui/forms/tags-field';
import { TextField } from '../ui/forms/text-field';
import { ContactApi, type ContactFields } from './contact-api';

export interface ContactFormData {
  outletId: string;
  /** Whom to edit; `null` for someone new. */
  contact: Edited<Contact> | null;
  knownTags: readonly string[];
}

/** Adds a contact, or edits one. Closes with the saved contact. */
@Component({
  selector: 'app-contact-form-dialog',
  imports: [ChangedMeanwhile, FormFoot, MatDialogModule, TagsField, TextField],
  template: `
    <h2 mat-dialog-title>{{ t(contact ? 'contacts.form.editTitle' : 'contacts.form.addTitle') }}</h2>
    <form (submit)="save($event)" novalidate>
      <mat-dialog-content>
        <app-text-field
          name="contact-phone"
          type="tel"
          inputmode="tel"
          [label]="t('contacts.number')"
          [field]="fields.phone"
          [format]="format"
          [hint]="t('contacts.form.numberHint')"
        />
        <app-text-field name="contact-name" maxlength="80" [label]="t('contacts.name')" [field]="fields.name" />
        <app-tags-field
          name="contact-tags"
          [label]="t('contacts.tags')"
          [hint]="t('contacts.form.tagsHint')"
          [field]="fields.tags"
          [known]="data.knownTags"
        />
        @for (other of others; track other.name) {
          <app-text-field
            maxlength="200"
            [name]="'contact-field-' + other.name"
            [label]="other.name"
            [field]="other.field"
          />
        }
        <div role="alert" class="problem" data-testid="contact-form-error">{{ form.problem() }}</div>
        <app-changed-meanwhile [shown]="form.changed()" [edited]="edited" (newest)="newest()" />
      </mat-dialog-content>
      <app-form-foot submitId="contact-save" [busy]="form.busy()" />
    </form>
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class ContactFormDialog {
  protected readonly data = inject<ContactFormData>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<ContactFormDialog, Contact | Newest>>(MatDialogRef);
  readonly #api = inject(ContactApi);
  protected readonly t = inject(Texts).t;
  protected readonly edited = this.data.contact;
  protected readonly contact = this.edited?.value ?? null;
  protected readonly format = formatWhileTyping;

  /** A number that was kept before numbers were looked at closely stays as long as nobody changes it. */
  readonly #shown = this.contact ? formatPhoneNumber(this.contact.phone) : '';

  protected readonly fields = {
    phone: new FormField(this.#shown, (typed) => {
      if (typed.trim() === '') return this.t('contacts.form.numberMissing');
      if (normalizePhoneNumber(typed) || typed === this.#shown) return null;
      return this.t(
        readPhoneNumber(typed).kind === 'landline' ? 'contacts.form.landline' : 'contacts.form.numberWrong',
      );
    }),
    name: new FormField(this.contact?.name ?? ''),
    tags: new FormField<readonly string[]>(this.contact?.tags ?? []),
  };
  /** What an import brought along, to be corrected here. */
  protected readonly others = Object.entries(this.contact?.fields ?? {}).map(([name, value]) => ({
    name,
    field: new FormField(value),
  }));
  protected readonly form = new Submission(this.fields, { CONTACT_EXISTS: this.fields.phone });

  protected save(event: Event): Promise<void> {
    return this.form.run(event, async () => this.#dialog.close(await this.#send()));
  }

  protected newest(): void {
    this.#dialog.close(NEWEST);
  }

  #send(): Promise<Contact> {
    const fields = this.#typed();
    if (!this.contact) return this.#api.create(this.data.outletId, fields);
    const { phone, ...rest } = fields;
    const isAsBefore = this.fields.phone.value() === this.#shown;
    return this.#api.update(this.contact.id, isAsBefore ? rest : { phone, ...rest }, this.edited?.ifMatch);
  }

  #typed(): ContactFields {
    const filled = this.others.map(({ name, field }) => [name, field.value().trim()] as const);
    return {
      phone: normalizePhoneNumber(this.fields.phone.value()) ?? '',
      name: this.fields.name.value().trim() || null,
      tags: [...this.fields.tags.value()],
      fields: Object.fromEntries(filled.filter(([, value]) => value !== '')),
    };
  }
}
