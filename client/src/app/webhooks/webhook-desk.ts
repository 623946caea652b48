import { inject, Service } from '@angular/core';
import type { CreatedWebhook, CreateWebhook, UpdateWebhook, Webhook } from '@koneksi/contracts/webhooks';
import { ToldList } from '../core/told-list';
import { WebhookApi } from './webhook-api';

@Service({ autoProvided: false })
export class WebhookDesk extends ToldList<Webhook> {
  readonly #api = inject(WebhookApi);

  constructor() {
    super('webhook');
  }

  protected ask(): Promise<readonly Webhook[]> {
    return this.#api.list();
  }

  async create(request: CreateWebhook): Promise<CreatedWebhook> {
    const created = await this.#api.create(request);
    const { secret: _, ...webhook } = created;
    this.add(webhook);
    return created;
  }

  async update(id: string, changes: UpdateWebhook, ifMatch?: string): Promise<Webhook> {
    return this.put(await this.#api.update(id, changes, ifMatch));
  }

  async remove(id: string): Promise<void> {
    await this.#api.remove(id);
    this.drop(id);
  }
}
