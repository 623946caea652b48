import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type {
  CreatedWebhook,
  CreateWebhook,
  DeliveryPage,
  DeliveryStatus,
  RotatedSecret,
  UpdateWebhook,
  Webhook,
  WebhookDelivery,
  WebhookList,
} from '@koneksi/contracts/webhooks';
import { firstValueFrom } from 'rxjs';
import { onlyIf } from '../core/edited';

@Service()
export class WebhookApi {
  readonly #http = inject(HttpClient);

  async list(): Promise<Webhook[]> {
    return (await firstValueFrom(this.#http.get<WebhookList>('/api/webhooks'))).webhooks;
  }

  create(request: CreateWebhook): Promise<CreatedWebhook> {
    return firstValueFrom(this.#http.post<CreatedWebhook>('/api/webhooks', request));
  }

  update(id: string, changes: UpdateWebhook, ifMatch?: string): Promise<Webhook> {
    return firstValueFrom(this.#http.patch<Webhook>(`/api/webhooks/${id}`, changes, onlyIf(ifMatch)));
  }

  async remove(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/webhooks/${id}`));
  }

  /** What came of it. */
  test(id: string): Promise<WebhookDelivery> {
    return firstValueFrom(this.#http.post<WebhookDelivery>(`/api/webhooks/${id}/test`, {}));
  }

  rotate(id: string, overlapHours: number): Promise<RotatedSecret> {
    return firstValueFrom(this.#http.post<RotatedSecret>(`/api/webhooks/${id}/rotate-secret`, { overlapHours }));
  }

  /** Newest first. */
  deliveries(id: string, status: DeliveryStatus | null, after: string | null): Promise<DeliveryPage> {
    const params = { limit: 20, ...(status && { status }), ...(after && { after }) };
    return firstValueFrom(this.#http.get<DeliveryPage>(`/api/webhooks/${id}/deliveries`, { params }));
  }

  redrive(deliveryId: string): Promise<WebhookDelivery> {
    return firstValueFrom(this.#http.post<WebhookDelivery>(`/api/webhooks/deliveries/${deliveryId}/redrive`, {}));
  }
}
