import { Component, computed, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { RotatedSecret, Webhook } from '@koneksi/contracts/webhooks';
import { ChoiceField } from '../ui/forms/choice-field';
import { FormFoot } from '../ui/forms/form-foot';
import { Submission } from '../ui/forms/submission';
import { WebhookApi } from './webhook-api';
import { webhookName } from './webhook-name';
import { WebhookTexts } from './webhook-texts';

/** How long the secret before may sign as well, in hours. */
const OVERLAPS = ['0', '24', '72', '168'] as const;

/** Asks for how long the old secret stays good. Closes with the new one. */
@Component({
  selector: 'app-rotate-dialog',
  imports: [ChoiceField, FormFoot, MatDialogModule],
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
      <app-form-foot submitId="confirm-rotate" [busy]="form.busy()" [words]="w('rotate.confirm')" />
    </form>
  `,
  styles: `
    p {
      margin-block-end: 12px;
    }
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class RotateDialog {
  readonly #webhook = inject<Webhook>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<RotateDialog, RotatedSecret>>(MatDialogRef);
  readonly #api = inject(WebhookApi);
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
