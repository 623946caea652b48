import { inject, Service } from '@angular/core';
import type { DeliveryTry, WebhookEventType } from '@koneksi/contracts/webhooks';
import { sentenceIn } from '../core/sentence-in';
import { Texts, type KeysOf, type TextParams } from '../core/texts';
import { WEBHOOK_EN } from './i18n/en';
import { WEBHOOK_ID, type WebhookCatalogue } from './i18n/id';

type WebhookTextKey = KeysOf<WebhookCatalogue>;

const CATALOGUES = { id: WEBHOOK_ID, en: WEBHOOK_EN };
/** What can be told, beside what is subscribed to: tests, and alerts of rules. */
const EVENT_KEYS: Readonly<Record<string, keyof WebhookCatalogue['event']>> = {
  'outlet.status.changed': 'statusChanged',
  'outlet.removed': 'outletRemoved',
  'incident.opened': 'incidentOpened',
  'incident.closed': 'incidentClosed',
  'blast.finished': 'blastFinished',
  'blast.replied': 'blastReplied',
  'blast.reply': 'blastReply',
  'message.updated': 'messageUpdated',
  'webhook.test': 'test',
  alert: 'alert',
} satisfies Record<WebhookEventType | 'webhook.test' | 'alert', keyof WebhookCatalogue['event']>;

/** The sentences of the page of webhooks. They come with it, so that no other page waits for them. */
@Service()
export class WebhookTexts {
  readonly #locale = inject(Texts).locale;

  readonly w = (key: WebhookTextKey, params: TextParams = {}): string =>
    sentenceIn(CATALOGUES[this.#locale()], key, params);

  /** A newer server may know types that this page does not. */
  eventOf(type: string): string {
    const key = EVENT_KEYS[type];
    return key ? this.w(`event.${key}`) : type;
  }

  /** What the receiver answered, or why it did not. */
  answerOf({ status, fault }: DeliveryTry): string {
    return fault ? this.w(`fault.${fault}`) : this.w('answered', { status: status ?? '' });
  }
}
