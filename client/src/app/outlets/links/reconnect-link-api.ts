import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { CreatedReconnectLink, ReconnectLink, ReconnectLinkList } from '@koneksi/contracts/reconnect-links';
import { firstValueFrom } from 'rxjs';

@Service()
export class ReconnectLinkApi {
  readonly #http = inject(HttpClient);

  /** The link itself, this once. */
  make(outletId: string, expiresInMinutes: number): Promise<CreatedReconnectLink> {
    const url = `/api/outlets/${outletId}/reconnect-links`;
    return firstValueFrom(this.#http.post<CreatedReconnectLink>(url, { expiresInMinutes }));
  }

  /** Those that still open, newest first. */
  async list(outletId: string): Promise<ReconnectLink[]> {
    const url = `/api/outlets/${outletId}/reconnect-links`;
    return (await firstValueFrom(this.#http.get<ReconnectLinkList>(url))).links;
  }

  async revoke(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/reconnect-links/${id}`));
  }
}
