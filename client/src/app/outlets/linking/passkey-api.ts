import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { PasskeyCode, PasskeyRequest } from '@koneksi/contracts/passkey';
import { firstValueFrom } from 'rxjs';

/** Linking by a passkey. Each step is answered once WhatsApp has. */
@Service()
export class PasskeyApi {
  readonly #http = inject(HttpClient);

  request(outletId: string): Promise<PasskeyRequest> {
    return firstValueFrom(this.#http.get<PasskeyRequest>(pathOf(outletId)));
  }

  /** The server judges what was pasted. */
  handIn(outletId: string, assertion: unknown): Promise<PasskeyCode> {
    return firstValueFrom(this.#http.post<PasskeyCode>(pathOf(outletId), assertion));
  }

  /** `code` is the one the person saw. */
  async confirm(outletId: string, code: string): Promise<void> {
    await firstValueFrom(this.#http.post(`${pathOf(outletId)}/confirm`, { code }));
  }

  async giveUp(outletId: string): Promise<void> {
    await firstValueFrom(this.#http.delete(pathOf(outletId)));
  }
}

const pathOf = (outletId: string): string => `/api/outlets/${outletId}/passkey`;
