import { Component, computed, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import {
  WEBHOOK_EVENTS,
  type CreatedWebhook,
  type CreateWebhook,
  type Webhook,
  type WebhookEventType,
} from '@koneksi/contracts/webhooks';
import type { Edited } from '../core/edited';
import { ChangedMeanwhile } from '../ui/forms/changed-meanwhile';
import { CheckList } from '../ui/forms/check-list';
import { ChoiceField } from '../ui/forms/choice-field';
import { NEWEST, type Newest } from '../ui/forms/editing';
import { FormField } from '../ui/forms/form-field';
import { FormFoot } from '../ui/forms/form-foot';
import { Submission } from '../ui/forms/submission';
import { TextField } from '../ui/forms/text-field';
import { OutletChoices } from '../live-status/outlet-choices';
import type { WebhookDesk } from './webhook-desk';
import { WebhookTexts } from './webhook-texts';

export interface WebhookData {
  desk: WebhookDesk;
  /** Which to edit; `null` for a new one. */
  edited: Edited<Webhook> | null;
}

const NONE: ReadonlySet<string> = new Set();

/** Adds a webhook, or edits one. Closes with the saved one; one that was added brings its secret. */
@Component({
  selector: 'app-webhook-dialog',
  imports: [ChangedMeanwhile, CheckList, ChoiceField, FormFoot, MatDialogModule, TextField],
  templateUrl: './webhook-dialog.html',
  styles: `
    .spaced {
      display: block;
      margin-block-start: 12px;
    }
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class WebhookDialog {
  readonly #data = inject<WebhookData>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<WebhookDialog, Webhook | CreatedWebhook | Newest>>(MatDialogRef);
  readonly #texts = inject(WebhookTexts);
  protected readonly w = this.#texts.w;
  protected readonly outlets = inject(OutletChoices);
  protected readonly edited = this.#data.edited;
  protected readonly webhook = this.edited?.value ?? null;

  protected readonly scope = signal<string>(this.webhook?.outletIds ? 'some' : 'all');
  protected readonly scopes = computed(() => [
    { value: 'all', label: this.w('form.all') },
    { value: 'some', label: this.w('form.some') },
  ]);
  protected readonly events = computed(() =>
    WEBHOOK_EVENTS.map((type) => ({ id: type, label: this.#texts.eventOf(type), detail: type })),
  );
  protected readonly fields = {
    url: new FormField(this.webhook?.url ?? '', (url) => (isAddress(url.trim()) ? null : this.w('form.urlWrong'))),
    events: new FormField<ReadonlySet<string>>(new Set(this.webhook?.events ?? ['outlet.status.changed']), (chosen) =>
      chosen.size > 0 ? null : this.w('form.eventsMissing'),
    ),
    outletIds: new FormField<ReadonlySet<string>>(new Set(this.webhook?.outletIds ?? NONE), (chosen) =>
      this.scope() === 'all' || chosen.size > 0 ? null : this.w('form.outletsMissing'),
    ),
  };
  protected readonly form = new Submission(this.fields);

  protected save(event: Event): Promise<void> {
    return this.form.run(event, async () => this.#dialog.close(await this.#send()));
  }

  protected newest(): void {
    this.#dialog.close(NEWEST);
  }

  #send(): Promise<Webhook | CreatedWebhook> {
    const { desk } = this.#data;
    return this.webhook
      ? desk.update(this.webhook.id, this.#request(), this.edited?.ifMatch)
      : desk.create(this.#request());
  }

  #request(): CreateWebhook {
    const { url, events, outletIds } = this.fields;
    return {
      url: url.value().trim(),
      events: [...events.value()] as WebhookEventType[],
      outletIds: this.scope() === 'all' ? null : [...outletIds.value()],
    };
  }
}

/** The server looks closer; both refuse here what nobody could have meant. */
const isAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text);
