import { Component, computed, inject, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { type AbstractControl, FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { MatSlideToggle } from '@angular/material/slide-toggle';
import type { Outlet } from '@koneksi/contracts/outlets';
import { formatPhoneNumber, normalizePhoneNumber } from '@koneksi/contracts/phone-number';
import { ApiFault } from '../core/api-fault';
import { FaultSentence } from '../core/fault-sentence';
import { Texts } from '../core/texts';
import { OutletApi, type OutletFields } from './outlet-api';

/** The outlet to edit, as far as the form shows it. */
export type EditedOutlet = OutletFields & Pick<Outlet, 'id'>;

const notBlank = ({ value }: AbstractControl<string>) => (value.trim() ? null : { required: true });
const phoneNumber = ({ value }: AbstractControl<string>) =>
  normalizePhoneNumber(value) ? null : { phoneNumber: true };

/** Adds an outlet, or edits the one it is given. Closes with the saved outlet. */
@Component({
  selector: 'app-outlet-form-dialog',
  imports: [MatButton, MatDialogModule, MatFormFieldModule, MatInput, MatSlideToggle, ReactiveFormsModule],
  templateUrl: './outlet-form-dialog.html',
  styleUrl: './outlet-form-dialog.css',
})
export class OutletFormDialog {
  protected readonly outlet = inject<EditedOutlet | null>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<OutletFormDialog, Outlet>>(MatDialogRef);
  readonly #api = inject(OutletApi);
  readonly #sentence = inject(FaultSentence);
  protected readonly t = inject(Texts).t;

  protected readonly form = new FormGroup({
    name: new FormControl(this.outlet?.name ?? '', {
      nonNullable: true,
      validators: [notBlank, Validators.maxLength(80)],
    }),
    whatsappNumber: new FormControl(this.outlet ? formatPhoneNumber(this.outlet.whatsappNumber) : '', {
      nonNullable: true,
      validators: phoneNumber,
    }),
    isActive: new FormControl(this.outlet?.isActive ?? true, { nonNullable: true }),
    autoReconnect: new FormControl(this.outlet?.autoReconnect ?? true, { nonNullable: true }),
  });

  readonly #typedNumber = toSignal(this.form.controls.whatsappNumber.valueChanges, {
    initialValue: this.form.controls.whatsappNumber.value,
  });
  readonly #digits = computed(() => normalizePhoneNumber(this.#typedNumber()));
  protected readonly numberHint = computed(() => {
    const digits = this.#digits();
    if (!digits) return this.t('outletForm.numberHint');
    if (this.outlet && digits !== this.outlet.whatsappNumber) return this.t('outletForm.numberRelinks');
    return this.t('outletForm.numberRead', { number: formatPhoneNumber(digits) });
  });

  protected readonly saving = signal(false);
  /** What the server refused without naming a field. */
  protected readonly problem = signal<string | null>(null);

  protected async save(): Promise<void> {
    this.form.markAllAsTouched();
    if (this.form.invalid || this.saving()) return;
    this.saving.set(true);
    this.problem.set(null);
    try {
      const fields = { ...this.form.getRawValue(), whatsappNumber: this.#digits() ?? '' };
      this.#dialog.close(await this.#send(fields));
    } catch (thrown) {
      this.#showFault(ApiFault.of(thrown));
    } finally {
      this.saving.set(false);
    }
  }

  #send(fields: OutletFields): Promise<Outlet> {
    const before = this.outlet;
    if (!before) return this.#api.create(fields);
    // Only what was touched: what someone else changed meanwhile stays.
    const changed = (Object.keys(fields) as (keyof OutletFields)[]).filter((key) => fields[key] !== before[key]);
    return this.#api.update(before.id, Object.fromEntries(changed.map((key) => [key, fields[key]])));
  }

  #showFault(fault: ApiFault): void {
    if (fault.code === 'NUMBER_TAKEN') {
      this.form.controls.whatsappNumber.setErrors({ server: this.#sentence.of(fault) });
      return;
    }
    const unplaced = fault.fields.filter(({ field, message }) => {
      const control = this.form.get(field);
      control?.setErrors({ server: message });
      return !control;
    });
    if (unplaced.length || !fault.fields.length) {
      this.problem.set([this.#sentence.of(fault), ...unplaced.map(({ message }) => message)].join(' '));
    }
  }
}
