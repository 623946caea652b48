import { inject, Service, signal } from '@angular/core';
import type { CreatedWebhook, CreateWebhook, UpdateWebhook, Webhook } from '@koneksi/contracts/webhooks';
import { ApiFault } from '../core/api-fault';
import { WebhookApi } from './webhook-api';

/** Webhooks as last told, for as long as what provides it is open. Nothing pushes them. */
@Service({ autoProvided: false })
export class WebhookDesk {
  readonly #api = inject(WebhookApi);
  readonly #webhooks = signal<readonly Webhook[] | null>(null);
  readonly #fault = signal<ApiFault | null>(null);
  /** `null` until the server has answered. */
  readonly webhooks = this.#webhooks.asReadonly();
  readonly fault = this.#fault.asReadonly();

  async load(): Promise<void> {
    this.#fault.set(null);
    try {
      this.#webhooks.set(await this.#api.list());
    } catch (thrown) {
      this.#fault.set(ApiFault.of(thrown));
    }
  }

  async create(request: CreateWebhook): Promise<CreatedWebhook> {
    const created = await this.#api.create(request);
    const { secret: _, ...webhook } = created;
    this.#webhooks.update((webhooks) => [...(webhooks ?? []), webhook]);
    return created;
  }

  async update(id: string, changes: UpdateWebhook, ifMatch?: string): Promise<Webhook> {
    const webhook = await this.#api.update(id, changes, ifMatch);
    this.#webhooks.update((webhooks) => (webhooks ?? []).map((known) => (known.id === id ? webhook : known)));
    return webhook;
  }

  async remove(id: string): Promise<void> {
    await this.#api.remove(id);
    this.#webhooks.update((webhooks) => (webhooks ?? []).filter((known) => known.id !== id));
  }
}
