import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { ClientVersionAnswer } from '@koneksi/contracts/client-version';
import { firstValueFrom } from 'rxjs';

@Service()
export class ClientVersionApi {
  readonly #http = inject(HttpClient);

  read(): Promise<ClientVersionAnswer> {
    return firstValueFrom(this.#http.get<ClientVersionAnswer>('/api/client-version'));
  }

  /** Has WhatsApp's site asked, unless it was asked a moment ago. */
  askNow(): Promise<ClientVersionAnswer> {
    return firstValueFrom(this.#http.post<ClientVersionAnswer>('/api/client-version/refresh', {}));
  }
}
