import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { AlertDelivery } from '@koneksi/contracts/alerts';
import type {
  CreatePushSubscription,
  PushKey,
  PushPerson,
  PushPersonList,
  PushSubscription,
  PushSubscriptionList,
} from '@koneksi/contracts/push';
import { firstValueFrom } from 'rxjs';

@Service()
export class PushApi {
  readonly #http = inject(HttpClient);

  async key(): Promise<string> {
    return (await firstValueFrom(this.#http.get<PushKey>('/api/push-key'))).publicKey;
  }

  async list(): Promise<PushSubscription[]> {
    return (await firstValueFrom(this.#http.get<PushSubscriptionList>('/api/push-subscriptions'))).items;
  }

  create(request: CreatePushSubscription): Promise<PushSubscription> {
    return firstValueFrom(this.#http.post<PushSubscription>('/api/push-subscriptions', request));
  }

  async remove(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/push-subscriptions/${id}`));
  }

  test(id: string): Promise<AlertDelivery> {
    return firstValueFrom(this.#http.post<AlertDelivery>(`/api/push-subscriptions/${id}/test`, {}));
  }

  /** Whom a rule can call. */
  async people(): Promise<PushPerson[]> {
    return (await firstValueFrom(this.#http.get<PushPersonList>('/api/push-people'))).items;
  }
}
