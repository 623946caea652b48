import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { OutletStatusDocument } from '@koneksi/contracts/outlet-status-schema';
import { firstValueFrom } from 'rxjs';

@Service()
export class StatusApi {
  readonly #http = inject(HttpClient);

  /** Has the server verify every visible link with WhatsApp now. Changes also come by push, and sooner. */
  verifyNow(): Promise<OutletStatusDocument> {
    return firstValueFrom(this.#http.post<OutletStatusDocument>('/api/outlets/status/refresh', {}));
  }
}
