import { Clipboard } from '@angular/cdk/clipboard';
import { Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import { Texts } from '../core/texts';
import { Icon } from './icon';

export interface ShownSecret {
  title: string;
  label: string;
  secret: string;
  /** That it is not shown again, and where to keep it. */
  once: string;
  note: string | null;
}

/** A secret, this once: it closes by its button alone, so that none is lost to a stray key. */
@Component({
  selector: 'app-secret-dialog',
  imports: [Icon, MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ data.title }}</h2>
    <mat-dialog-content>
      <label for="shown-secret">{{ data.label }}</label>
      <div class="line">
        <input
          #field
          id="shown-secret"
          readonly
          spellcheck="false"
          [value]="data.secret"
          (focus)="field.select()"
          data-testid="shown-secret"
        />
        <button matButton="filled" (click)="copy()" data-testid="copy-secret">
          <app-icon name="copy" />{{ t('secret.copy') }}
        </button>
      </div>
      <p role="status" class="muted" data-testid="secret-news">{{ news() }}</p>
      <p>{{ data.once }}</p>
      @if (data.note; as text) {
        <p class="muted">{{ text }}</p>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="outlined" mat-dialog-close data-testid="secret-kept">{{ t('secret.kept') }}</button>
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
  styleUrl: './forms/form-dialog.css',
})
export class SecretDialog {
  readonly #clipboard = inject(Clipboard);
  protected readonly data = inject<ShownSecret>(MAT_DIALOG_DATA);
  protected readonly t = inject(Texts).t;
  protected readonly news = signal('');

  protected copy(): void {
    this.news.set(this.t(this.#clipboard.copy(this.data.secret) ? 'secret.copied' : 'secret.copyRefused'));
  }
}
