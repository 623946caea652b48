import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { RotatedSecret, Webhook } from '@koneksi/contracts/webhooks';
import { Texts } from '../core/texts';
import { ChoiceField } from '../ui/choice-field';
import { Submission } from '../ui/submission';
import { WebhookApi } from './webhook-api';
import { webhookName } from './webhook-name';
import { WebhookTexts } from './webhook-texts';

/** How long the secret before may sign as well, in hours. */
const OVERLAPS = ['0', '24', '72', '168'] as const;

/** Asks for how long the old secret stays good. Closes with the new one. */
@Component({
  selector: 'app-rotate-dialog',
  imports: [ChoiceField, MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ w('rotate.title', { name }) }}</h2>
    <form (submit)="rotate($event)" novalidate>
      <mat-dialog-content>
        <p>{{ w('rotate.body') }}</p>
        <app-choice-field
          name="rotate-overlap"
          [label]="w('rotate.overlap')"
          [choices]="overlaps()"
          [(value)]="overlap"
        />
        <div role="alert" class="problem">{{ form.problem() }}</div>
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>{{ t('common.cancel') }}</button>
        <button
          matButton="filled"
          type="submit"
          [disabled]="form.busy()"
          disabledInteractive
          data-testid="confirm-rotate"
        >
          {{ w('rotate.confirm') }}
        </button>
      </mat-dialog-actions>
    </form>
  `,
  styles: `
    p {
      margin-block-end: 12px;
    }
  `,
  styleUrl: '../ui/form-dialog.css',
})
export class RotateDialog {
  readonly #webhook = inject<Webhook>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<RotateDialog, RotatedSecret>>(MatDialogRef);
  readonly #api = inject(WebhookApi);
  protected readonly t = inject(Texts).t;
  protected readonly w = inject(WebhookTexts).w;
  protected readonly name = webhookName(this.#webhook.url);
  protected readonly overlap = signal<string>('24');
  protected readonly overlaps = computed(() =>
    OVERLAPS.map((value) => ({ value, label: this.w(`rotate.hours.${value}`) })),
  );
  protected readonly form = new Submission({});

  protected rotate(event: Event): Promise<void> {
    return this.form.run(event, async () =>
      this.#dialog.close(await this.#api.rotate(this.#webhook.id, Number(this.overlap()))),
    );
  }
}
