import { Component, computed, inject, input } from '@angular/core';
import type { PushPerson } from '@koneksi/contracts/push';
import type { Webhook } from '@koneksi/contracts/webhooks';
import { CheckList, type CheckItem } from '../ui/forms/check-list';
import { TextField } from '../ui/forms/text-field';
import { webhookName } from '../webhooks/webhook-name';
import { AlertTexts } from './alert-texts';
import type { RecipientFields } from './recipient-fields';

/** Whom a rule tells: by mail in either language, by WhatsApp, in browsers, and by the webhooks there are. */
@Component({
  selector: 'app-recipients-field',
  imports: [CheckList, TextField],
  template: `
    <app-text-field
      inputmode="email"
      [name]="name() + '-emails-id'"
      [label]="a('form.emailsId')"
      [hint]="a('form.emailsHint')"
      [field]="fields().emails.id"
    />
    <app-text-field
      inputmode="email"
      [name]="name() + '-emails-en'"
      [label]="a('form.emailsEn')"
      [hint]="a('form.emailsHint')"
      [field]="fields().emails.en"
    />
    <app-text-field
      inputmode="tel"
      [name]="name() + '-phones'"
      [label]="a('form.phones')"
      [hint]="a('form.phonesHint')"
      [field]="fields().phones"
    />
    <app-check-list
      [attr.data-testid]="name() + '-people'"
      [label]="a('form.people')"
      [searchLabel]="a('form.searchPerson')"
      [none]="a('form.noPerson')"
      [items]="persons()"
      [(chosen)]="fields().userIds.value"
    />
    <p class="problem" role="status">{{ fields().userIds.shownFault() }}</p>
    @if (items().length) {
      <app-check-list
        [attr.data-testid]="name() + '-webhooks'"
        [label]="a('form.webhooks')"
        [searchLabel]="a('form.searchWebhook')"
        [none]="a('form.noWebhook')"
        [items]="items()"
        [(chosen)]="fields().webhookIds.value"
      />
      <p class="problem" role="status" [attr.data-testid]="name() + '-webhooks-error'">
        {{ fields().webhookIds.shownFault() }}
      </p>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    p {
      margin-block-end: 8px;
    }
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class RecipientsField {
  readonly fields = input.required<RecipientFields>();
  readonly webhooks = input.required<readonly Webhook[]>();
  readonly people = input.required<readonly PushPerson[]>();
  /** Begins what tests find its parts by. */
  readonly name = input.required<string>();
  protected readonly a = inject(AlertTexts).a;
  protected readonly persons = computed<CheckItem[]>(() => {
    const known = this.people().map(({ id, name, email, browsers }) => ({
      id,
      label: name,
      detail: browsers > 0 ? email : this.a('form.noBrowser'),
    }));
    const ids = new Set(known.map(({ id }) => id));
    const gone = [...this.fields().calledBefore].filter((id) => !ids.has(id));
    return [...known, ...gone.map((id) => ({ id, label: this.a('row.personGone'), detail: '' }))];
  });
  protected readonly items = computed<CheckItem[]>(() => {
    const known = this.webhooks().map(({ id, url, paused }) => ({
      id,
      label: webhookName(url),
      detail: paused ? this.a('form.webhookPaused') : '',
    }));
    const ids = new Set(known.map(({ id }) => id));
    // One that was removed is shown, so that it can be let go of.
    const gone = [...this.fields().namedBefore].filter((id) => !ids.has(id));
    return [...known, ...gone.map((id) => ({ id, label: this.a('row.webhookGone'), detail: '' }))];
  });
}
