import { Clipboard } from '@angular/cdk/clipboard';
import { Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { Texts } from '../core/texts';
import { Icon } from '../ui/icon';

/** Recovery codes, this once: it closes by its button alone, so that none is lost to a stray key. */
@Component({
  selector: 'app-recovery-codes-dialog',
  imports: [Icon, MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ t('secondFactor.recoveryTitle') }}</h2>
    <mat-dialog-content>
      <p>{{ t('secondFactor.recovery') }}</p>
      <ul class="numbers" data-testid="recovery-codes">
        @for (code of codes; track code) {
          <li>{{ code }}</li>
        }
      </ul>
      <button matButton="outlined" (click)="copy()" data-testid="copy-recovery-codes">
        <app-icon name="copy" />{{ t('secret.copy') }}
      </button>
      <p role="status" class="muted" data-testid="recovery-news">{{ news() }}</p>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="filled" mat-dialog-close data-testid="recovery-kept">{{ t('secret.kept') }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(180px, 1fr));
      gap: 6px 16px;
      margin: 12px 0;
      padding: 0;
      list-style: none;
      font-family: monospace;
    }
    [role='status'] {
      min-height: 1.45em;
    }
  `,
})
export class RecoveryCodesDialog {
  readonly #clipboard = inject(Clipboard);
  protected readonly codes = inject<readonly string[]>(MAT_DIALOG_DATA);
  protected readonly t = inject(Texts).t;
  protected readonly news = signal('');

  protected copy(): void {
    this.news.set(this.t(this.#clipboard.copy(this.codes.join('\n')) ? 'secret.copied' : 'secret.copyRefused'));
  }
}
