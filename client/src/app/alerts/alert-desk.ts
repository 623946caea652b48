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
  readonly #log = signal<readonly AlertDelivery[]>([]);
  readonly #next = signal<string | null>(null);
  /** Which may be told, as by the page of webhooks. */
  readonly webhooks = this.#webhooks.asReadonly();
  /** Who may be called in their browsers. */
  readonly people = this.#people.asReadonly();
  readonly channels = this.#channels.asReadonly();
  readonly log = this.#log.asReadonly();
  /** Whether the log goes on. */
  readonly next = this.#next.asReadonly();

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
    const [channels, page] = await Promise.all([this.#api.channels(), this.#api.deliveries(null)]);
    this.#channels.set(channels);
    this.#log.set(page.items);
    this.#next.set(page.next);
  }

  async more(): Promise<void> {
    const page = await this.#api.deliveries(this.#next());
    const known = new Set(this.#log().map(({ id }) => id));
    this.#log.update((log) => [...log, ...page.items.filter(({ id }) => !known.has(id))]);
    this.#next.set(page.next);
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
