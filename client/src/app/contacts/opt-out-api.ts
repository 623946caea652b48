import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { OptOutFileResult } from '@koneksi/contracts/contact-import';
import type { HeldWishList, OptOutHistory, OptOutPage } from '@koneksi/contracts/opt-outs';
import { firstValueFrom } from 'rxjs';

@Service()
export class OptOutApi {
  readonly #http = inject(HttpClient);

  page(search: string, after: string | null): Promise<OptOutPage> {
    const params = { ...(search.trim() && { search: search.trim() }), ...(after && { after }) };
    return firstValueFrom(this.#http.get<OptOutPage>('/api/opt-outs', { params }));
  }

  held(): Promise<HeldWishList> {
    return firstValueFrom(this.#http.get<HeldWishList>('/api/held-wishes'));
  }

  async decide(phone: string, stop: boolean): Promise<void> {
    await firstValueFrom(this.#http.post(`/api/held-wishes/${phone}/decide`, { stop }));
  }

  /** Everyone in a file; `look` counts and keeps nothing. `phone` is the column of numbers, counted from 1. */
  importFile(file: Blob, look: boolean, phone: number | null): Promise<OptOutFileResult> {
    const params = { look, ...(phone !== null && { phone }) };
    const options = { headers: { 'Content-Type': 'application/octet-stream' }, params };
    return firstValueFrom(this.#http.post<OptOutFileResult>('/api/opt-outs/import', file, options));
  }

  history(phone: string): Promise<OptOutHistory> {
    return firstValueFrom(this.#http.get<OptOutHistory>(`/api/opt-outs/${phone}`));
  }

  /** By hand, for a customer of this outlet. */
  record(phone: string, outletId: string): Promise<OptOutHistory> {
    return firstValueFrom(this.#http.post<OptOutHistory>('/api/opt-outs', { phone, outletId }));
  }

  revoke(phone: string, note: string): Promise<OptOutHistory> {
    return firstValueFrom(this.#http.post<OptOutHistory>('/api/opt-outs/revoke', { phone, note }));
  }
}
