import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { ApiKey, CreateApiKey, CreatedApiKey } from '@koneksi/contracts/auth';
import { firstValueFrom } from 'rxjs';

@Service()
export class ApiKeyApi {
  readonly #http = inject(HttpClient);

  /** Newest first. */
  list(): Promise<ApiKey[]> {
    return firstValueFrom(this.#http.get<ApiKey[]>('/api/api-keys'));
  }

  create(request: Partial<CreateApiKey>): Promise<CreatedApiKey> {
    return firstValueFrom(this.#http.post<CreatedApiKey>('/api/api-keys', request));
  }

  async remove(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/api-keys/${id}`));
  }
}
