import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { Texts } from '../core/texts';

export interface Confirmation {
  title: string;
  body: string;
  confirm: string;
  /** The way back, where "cancel" could be taken for the thing itself. */
  back?: string;
  /** Nothing is lost by it. */
  harmless?: boolean;
}

/** Asks before something that cannot be taken back. Closes with `true` only on the explicit yes. */
@Component({
  selector: 'app-confirm-dialog',
  imports: [MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ data.title }}</h2>
    <mat-dialog-content>{{ data.body }}</mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton [mat-dialog-close]="false" cdkFocusInitial>{{ data.back ?? t('common.cancel') }}</button>
      <button matButton="filled" [class.destructive]="!data.harmless" [mat-dialog-close]="true" data-testid="confirm">
        {{ data.confirm }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    .destructive {
      --mat-button-filled-container-color: var(--k-bad-soft);
      --mat-button-filled-label-text-color: var(--k-bad);
    }
  `,
})
export class ConfirmDialog {
  protected readonly data = inject<Confirmation>(MAT_DIALOG_DATA);
  protected readonly t = inject(Texts).t;
}
