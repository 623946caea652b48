import { inject, Service, signal } from '@angular/core';
import type {
  AlertChannelState,
  AlertDelivery,
  AlertRecipient,
  AlertRule,
  CreateAlertRule,
  UpdateAlertRule,
} from '@koneksi/contracts/alerts';
import type { Webhook } from '@koneksi/contracts/webhooks';
import type { PushPerson } from '@koneksi/contracts/push';
import { PagedList } from '../core/paged-list';
import { ToldList } from '../core/told-list';
import { PushApi } from '../push/push-api';
import { WebhookApi } from '../webhooks/webhook-api';
import { AlertApi } from './alert-api';

/** Rules, and with them roads and log. */
@Service({ autoProvided: false })
export class AlertDesk extends ToldList<AlertRule> {
  readonly #api = inject(AlertApi);
  readonly #webhookApi = inject(WebhookApi);
  readonly #webhooks = signal<readonly Webhook[]>([]);
  readonly #pushApi = inject(PushApi);
  readonly #people = signal<readonly PushPerson[]>([]);
  readonly #channels = signal<readonly AlertChannelState[]>([]);
  /** Which may be told, as by the page of webhooks. */
  readonly webhooks = this.#webhooks.asReadonly();
  /** Who may be called in their browsers. */
  readonly people = this.#people.asReadonly();
  readonly channels = this.#channels.asReadonly();
  /** What was said, newest first, as far as somebody read it. */
  readonly log = new PagedList<AlertDelivery>(
    (after) => this.#api.deliveries(after),
    ({ id }) => id,
  );

  constructor() {
    super('alert-rule', 'webhook', 'push-subscription');
  }

  protected async ask(): Promise<readonly AlertRule[]> {
    const [rules, webhooks, people] = await Promise.all([
      this.#api.rules(),
      this.#webhookApi.list(),
      this.#pushApi.people(),
      this.reload(),
    ]);
    this.#people.set(people);
    this.#webhooks.set(webhooks);
    return rules;
  }

  /** What was sent since, and how the roads are. */
  async reload(): Promise<void> {
    const [channels] = await Promise.all([this.#api.channels(), this.log.again()]);
    this.#channels.set(channels);
  }

  async create(request: CreateAlertRule): Promise<AlertRule> {
    const rule = await this.#api.create(request);
    this.add(rule);
    return rule;
  }

  async update(id: string, changes: UpdateAlertRule, ifMatch?: string): Promise<AlertRule> {
    return this.put(await this.#api.update(id, changes, ifMatch));
  }

  async remove(id: string): Promise<void> {
    await this.#api.remove(id);
    this.drop(id);
  }

  async test(id: string): Promise<AlertDelivery[]> {
    const items = await this.#api.test(id);
    await this.reload();
    return items;
  }

  async testChannel(recipient: AlertRecipient): Promise<AlertDelivery> {
    const delivery = await this.#api.testChannel(recipient);
    await this.reload();
    return delivery;
  }
}
