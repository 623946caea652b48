import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { Quota, QuotaList } from '@koneksi/contracts/quotas';
import { firstValueFrom } from 'rxjs';

/** How much may be kept and made, and how much of that there is. */
@Service()
export class QuotaApi {
  readonly #http = inject(HttpClient);

  /** @param outletId with what is counted by outlet */
  async list(outletId: string | null = null): Promise<readonly Quota[]> {
    const params = { ...(outletId !== null && { outletId }) };
    return (await firstValueFrom(this.#http.get<QuotaList>('/api/quotas', { params }))).items;
  }
}
