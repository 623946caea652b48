import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { formatWhileTyping, normalizePhoneNumber } from '@koneksi/contracts/phone-number';
import { Texts } from '../core/texts';
import { complete, FormField } from '../ui/forms/form-field';
import { TextField } from '../ui/forms/text-field';
import { numberText } from '../ui/number-text';

/** Nothing brings back what this erases, so the number is typed once more. Closes with `true` where it was. */
@Component({
  selector: 'app-erase-dialog',
  imports: [MatButton, MatDialogModule, TextField],
  template: `
    <h2 mat-dialog-title>{{ t('customer.eraseTitle', { phone: shown }) }}</h2>
    <form (submit)="erase($event)" novalidate>
      <mat-dialog-content>
        <p>{{ t('customer.eraseBody') }}</p>
        <app-text-field
          name="erase-number"
          type="tel"
          inputmode="tel"
          [label]="t('customer.again')"
          [field]="fields.again"
          [format]="format"
        />
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" [mat-dialog-close]="false">{{ t('common.cancel') }}</button>
        <button matButton="filled" class="destructive" type="submit" data-testid="erase-yes">
          {{ t('customer.erase') }}
        </button>
      </mat-dialog-actions>
    </form>
  `,
  styles: `
    p {
      margin-block: 0 14px;
    }
    .destructive {
      --mat-button-filled-container-color: var(--k-bad-soft);
      --mat-button-filled-label-text-color: var(--k-bad);
    }
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class EraseDialog {
  readonly #phone = inject<string>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<EraseDialog, boolean>>(MatDialogRef);
  protected readonly t = inject(Texts).t;
  protected readonly shown = numberText(this.#phone);
  protected readonly format = formatWhileTyping;
  protected readonly fields = {
    again: new FormField('', (typed) =>
      normalizePhoneNumber(typed) === this.#phone ? null : this.t('customer.notThat', { phone: this.shown }),
    ),
  };

  protected erase(event: Event): void {
    event.preventDefault();
    if (complete(this.fields)) this.#dialog.close(true);
  }
}
