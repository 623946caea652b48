import { inject, Service } from '@angular/core';
import type { ApiKey, CreateApiKey, CreatedApiKey } from '@koneksi/contracts/auth';
import { ToldList } from '../core/told-list';
import { ApiKeyApi } from './api-key-api';

@Service({ autoProvided: false })
export class ApiKeyDesk extends ToldList<ApiKey> {
  readonly #api = inject(ApiKeyApi);

  constructor() {
    super('api-key');
  }

  protected ask(): Promise<readonly ApiKey[]> {
    return this.#api.list();
  }

  async create(request: Partial<CreateApiKey>): Promise<CreatedApiKey> {
    const created = await this.#api.create(request);
    const { key: _, ...apiKey } = created;
    this.change((keys) => [apiKey, ...keys.filter(({ id }) => id !== apiKey.id)]);
    return created;
  }

  async remove(id: string): Promise<void> {
    await this.#api.remove(id);
    this.drop(id);
  }
}
