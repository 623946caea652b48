import { computed, inject, Service } from '@angular/core';
import { webhookName } from '../webhooks/webhook-name';
import { AlertDesk } from './alert-desk';
import { AlertTexts } from './alert-texts';

/** What the page of alerts calls webhooks. */
@Service({ autoProvided: false })
export class WebhookNames {
  readonly #desk = inject(AlertDesk);
  readonly #a = inject(AlertTexts).a;
  readonly #names = computed(() => new Map(this.#desk.webhooks().map(({ id, url }) => [id, webhookName(url)])));

  readonly of = (id: string): string => this.#names().get(id) ?? this.#a('row.webhookGone');
}
