import { Component, computed, inject } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { Outlet } from '@koneksi/contracts/outlets';
import { formatPhoneNumber, formatWhileTyping, normalizeOutletNumber } from '@koneksi/contracts/phone-number';
import type { Edited } from '../core/edited';
import { Texts } from '../core/texts';
import { OutletGroups } from '../live-status/outlet-groups';
import { ChangedMeanwhile } from '../ui/forms/changed-meanwhile';
import { NEWEST, type Newest } from '../ui/forms/editing';
import { FormField } from '../ui/forms/form-field';
import { FormFoot } from '../ui/forms/form-foot';
import { Submission } from '../ui/forms/submission';
import { SwitchField } from '../ui/forms/switch-field';
import { TagsField } from '../ui/forms/tags-field';
import { TextField } from '../ui/forms/text-field';
import { OutletApi, type OutletFields } from './outlet-api';

/** Adds an outlet, or edits the one it is given. Closes with the saved outlet. */
@Component({
  selector: 'app-outlet-form-dialog',
  imports: [ChangedMeanwhile, FormFoot, MatDialogModule, SwitchField, TagsField, TextField],
  templateUrl: './outlet-form-dialog.html',
  styleUrl: '../ui/forms/form-dialog.css',
})
export class OutletFormDialog {
  protected readonly edited = inject<Edited<Outlet> | null>(MAT_DIALOG_DATA);
  protected readonly outlet = this.edited?.value ?? null;
  readonly #dialog = inject<MatDialogRef<OutletFormDialog, Outlet | Newest>>(MatDialogRef);
  readonly #api = inject(OutletApi);
  protected readonly t = inject(Texts).t;
  protected readonly groups = inject(OutletGroups);
  protected readonly format = formatWhileTyping;

  protected readonly fields = {
    name: new FormField(this.outlet?.name ?? '', (name) => (name.trim() ? null : this.t('outletForm.nameMissing'))),
    whatsappNumber: new FormField(this.outlet ? formatPhoneNumber(this.outlet.whatsappNumber) : '', (typed) =>
      normalizeOutletNumber(typed) ? null : this.t('outletForm.numberWrong'),
    ),
    city: new FormField(this.outlet?.city ?? ''),
    tags: new FormField<readonly string[]>(this.outlet?.tags ?? []),
    isActive: new FormField(this.outlet?.isActive ?? true),
    autoReconnect: new FormField(this.outlet?.autoReconnect ?? true),
  };

  readonly #digits = computed(() => normalizeOutletNumber(this.fields.whatsappNumber.value()));
  protected readonly numberHint = computed(() => {
    const digits = this.#digits();
    if (!digits) return this.t('outletForm.numberHint');
    if (this.outlet && digits !== this.outlet.whatsappNumber) return this.t('outletForm.numberRelinks');
    return this.t('outletForm.numberRead', { number: formatPhoneNumber(digits) });
  });

  protected readonly form = new Submission(this.fields, { NUMBER_TAKEN: this.fields.whatsappNumber });

  protected save(event: Event): Promise<void> {
    return this.form.run(event, async () => this.#dialog.close(await this.#send()));
  }

  protected newest(): void {
    this.#dialog.close(NEWEST);
  }

  #send(): Promise<Outlet> {
    const fields: OutletFields = {
      name: this.fields.name.value().trim(),
      whatsappNumber: this.#digits() ?? '',
      city: this.fields.city.value().trim() || null,
      tags: [...this.fields.tags.value()],
      isActive: this.fields.isActive.value(),
      autoReconnect: this.fields.autoReconnect.value(),
    };
    const before = this.outlet;
    if (!before) return this.#api.create(fields);
    // Only what was touched: what someone else changed stays, also where this overwrites.
    const changed = (Object.keys(fields) as (keyof OutletFields)[]).filter(
      (key) => String(fields[key]) !== String(before[key]),
    );
    return this.#api.update(
      before.id,
      Object.fromEntries(changed.map((key) => [key, fields[key]])),
      this.edited?.ifMatch,
    );
  }
}
