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
import { ApiFault } from '../core/api-fault';
import { PushApi } from '../push/push-api';
import { WebhookApi } from '../webhooks/webhook-api';
import { AlertApi } from './alert-api';

/** Rules, roads and log as last told, for as long as the page that provides it is open. Nothing pushes them. */
@Service({ autoProvided: false })
export class AlertDesk {
  readonly #api = inject(AlertApi);
  readonly #webhookApi = inject(WebhookApi);
  readonly #webhooks = signal<readonly Webhook[]>([]);
  readonly #pushApi = inject(PushApi);
  readonly #people = signal<readonly PushPerson[]>([]);
  readonly #rules = signal<readonly AlertRule[] | null>(null);
  readonly #channels = signal<readonly AlertChannelState[]>([]);
  readonly #log = signal<readonly AlertDelivery[]>([]);
  readonly #next = signal<string | null>(null);
  readonly #fault = signal<ApiFault | null>(null);
  /** `null` until the server has answered. */
  readonly rules = this.#rules.asReadonly();
  /** Which may be told, as by the page of webhooks. */
  readonly webhooks = this.#webhooks.asReadonly();
  /** Who may be called in their browsers. */
  readonly people = this.#people.asReadonly();
  readonly channels = this.#channels.asReadonly();
  readonly log = this.#log.asReadonly();
  /** Whether the log goes on. */
  readonly next = this.#next.asReadonly();
  readonly fault = this.#fault.asReadonly();

  async load(): Promise<void> {
    this.#fault.set(null);
    try {
      const [rules, webhooks, people] = await Promise.all([
        this.#api.rules(),
        this.#webhookApi.list(),
        this.#pushApi.people(),
        this.reload(),
      ]);
      this.#people.set(people);
      this.#webhooks.set(webhooks);
      this.#rules.set(rules);
    } catch (thrown) {
      this.#fault.set(ApiFault.of(thrown));
    }
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
    this.#rules.update((rules) => [...(rules ?? []), rule]);
    return rule;
  }

  async update(id: string, changes: UpdateAlertRule, ifMatch?: string): Promise<AlertRule> {
    const rule = await this.#api.update(id, changes, ifMatch);
    this.#rules.update((rules) => (rules ?? []).map((known) => (known.id === id ? rule : known)));
    return rule;
  }

  async remove(id: string): Promise<void> {
    await this.#api.remove(id);
    this.#rules.update((rules) => (rules ?? []).filter((known) => known.id !== id));
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
