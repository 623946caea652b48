import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { OptOutHistory, OptOutPage } from '@koneksi/contracts/opt-outs';
import { firstValueFrom } from 'rxjs';

@Service()
export class OptOutApi {
  readonly #http = inject(HttpClient);

  page(search: string, after: string | null): Promise<OptOutPage> {
    const params = { ...(search.trim() && { search: search.trim() }), ...(after && { after }) };
    return firstValueFrom(this.#http.get<OptOutPage>('/api/opt-outs', { params }));
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
