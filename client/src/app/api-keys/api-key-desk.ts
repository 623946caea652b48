import { inject, Service, signal } from '@angular/core';
import type { ApiKey, CreateApiKey, CreatedApiKey } from '@koneksi/contracts/auth';
import { ApiFault } from '../core/api-fault';
import { ApiKeyApi } from './api-key-api';

/** API keys as last told, for as long as what provides it is open. Nothing pushes them. */
@Service({ autoProvided: false })
export class ApiKeyDesk {
  readonly #api = inject(ApiKeyApi);
  readonly #keys = signal<readonly ApiKey[] | null>(null);
  readonly #fault = signal<ApiFault | null>(null);
  /** `null` until the server has answered. */
  readonly keys = this.#keys.asReadonly();
  readonly fault = this.#fault.asReadonly();

  async load(): Promise<void> {
    this.#fault.set(null);
    try {
      this.#keys.set(await this.#api.list());
    } catch (thrown) {
      this.#fault.set(ApiFault.of(thrown));
    }
  }

  async create(request: Partial<CreateApiKey>): Promise<CreatedApiKey> {
    const created = await this.#api.create(request);
    const { key: _, ...apiKey } = created;
    this.#keys.update((keys) => [apiKey, ...(keys ?? [])]);
    return created;
  }

  async remove(id: string): Promise<void> {
    await this.#api.remove(id);
    this.#keys.update((keys) => (keys ?? []).filter((known) => known.id !== id));
  }
}
