import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type {
  AlertChannelList,
  AlertChannelState,
  AlertDelivery,
  AlertDeliveryPage,
  AlertRecipient,
  AlertRule,
  AlertRuleList,
  AlertTestAnswer,
  CreateAlertRule,
  UpdateAlertRule,
} from '@koneksi/contracts/alerts';
import { firstValueFrom } from 'rxjs';
import { onlyIf } from '../core/edited';

@Service()
export class AlertApi {
  readonly #http = inject(HttpClient);

  async rules(): Promise<AlertRule[]> {
    return (await firstValueFrom(this.#http.get<AlertRuleList>('/api/alert-rules'))).items;
  }

  create(request: CreateAlertRule): Promise<AlertRule> {
    return firstValueFrom(this.#http.post<AlertRule>('/api/alert-rules', request));
  }

  update(id: string, changes: UpdateAlertRule, ifMatch?: string): Promise<AlertRule> {
    return firstValueFrom(this.#http.patch<AlertRule>(`/api/alert-rules/${id}`, changes, onlyIf(ifMatch)));
  }

  async remove(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/alert-rules/${id}`));
  }

  async test(id: string): Promise<AlertDelivery[]> {
    return (await firstValueFrom(this.#http.post<AlertTestAnswer>(`/api/alert-rules/${id}/test`, {}))).items;
  }

  async channels(): Promise<AlertChannelState[]> {
    return (await firstValueFrom(this.#http.get<AlertChannelList>('/api/alert-channels'))).items;
  }

  testChannel(recipient: AlertRecipient): Promise<AlertDelivery> {
    return firstValueFrom(this.#http.post<AlertDelivery>('/api/alert-channels/test', { recipient }));
  }

  /** Newest first. */
  deliveries(after: string | null): Promise<AlertDeliveryPage> {
    return firstValueFrom(
      this.#http.get<AlertDeliveryPage>('/api/alert-deliveries', { params: { limit: 20, ...(after && { after }) } }),
    );
  }
}
