import { Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import { Texts } from '../../core/texts';

/** The foot of a dialog's form: the way back, and what sends it once at a time. */
@Component({
  selector: 'app-form-foot',
  imports: [MatButton, MatDialogModule],
  template: `
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close [attr.data-testid]="cancelId()">{{ t('common.cancel') }}</button>
      <button matButton="filled" type="submit" [disabled]="busy()" disabledInteractive [attr.data-testid]="submitId()">
        {{ words() ?? t('common.save') }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class FormFoot {
  readonly busy = input.required<boolean>();
  /** What sends it; "Save" where it says nothing. */
  readonly words = input<string>();
  readonly submitId = input.required<string>();
  readonly cancelId = input<string>();
  protected readonly t = inject(Texts).t;
}
