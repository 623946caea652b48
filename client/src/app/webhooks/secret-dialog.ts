import { Clipboard } from '@angular/cdk/clipboard';
import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { exactTime } from '../core/formats';
import { Texts } from '../core/texts';
import { Icon } from '../ui/icon';
import { WebhookTexts } from './webhook-texts';

export interface ShownSecret {
  secret: string;
  isNew: boolean;
  /** Until then the one before signs as well. */
  previousUntil: string | null;
}

/** A secret, this once: it closes by its button alone, so that none is lost to a stray key. */
@Component({
  selector: 'app-secret-dialog',
  imports: [Icon, MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ w(data.isNew ? 'secret.newTitle' : 'secret.madeTitle') }}</h2>
    <mat-dialog-content>
      <label for="webhook-secret">{{ w('secret.label') }}</label>
      <div class="line">
        <input
          #field
          id="webhook-secret"
          readonly
          spellcheck="false"
          [value]="data.secret"
          (focus)="field.select()"
          data-testid="webhook-secret"
        />
        <button matButton="filled" (click)="copy()" data-testid="copy-secret">
          <app-icon name="copy" />{{ w('secret.copy') }}
        </button>
      </div>
      <p role="status" class="muted" data-testid="secret-news">{{ news() }}</p>
      <p>{{ w('secret.once') }}</p>
      @if (overlap(); as text) {
        <p class="muted">{{ text }}</p>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="outlined" mat-dialog-close data-testid="secret-kept">{{ w('secret.kept') }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    label {
      font-size: 0.8125rem;
      font-weight: 550;
    }
    .line {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
      margin-block-start: 4px;
    }
    input {
      flex: 1 1 220px;
      min-width: 0;
      height: 44px;
      padding: 0 12px;
      border: 1px solid var(--k-outline);
      border-radius: 8px;
      color: var(--k-text);
      background: var(--k-surface);
      font: 0.9375rem monospace;
    }
    [role='status'] {
      min-height: 1.45em;
    }
  `,
  styleUrl: '../ui/form-dialog.css',
})
export class SecretDialog {
  readonly #clipboard = inject(Clipboard);
  readonly #locale = inject(Texts).locale;
  protected readonly data = inject<ShownSecret>(MAT_DIALOG_DATA);
  protected readonly w = inject(WebhookTexts).w;
  protected readonly news = signal('');
  protected readonly overlap = computed(() => {
    const { previousUntil } = this.data;
    return previousUntil && this.w('secret.overlap', { time: exactTime(previousUntil, this.#locale()) });
  });

  protected copy(): void {
    this.news.set(this.w(this.#clipboard.copy(this.data.secret) ? 'told.copied' : 'told.copyRefused'));
  }
}
