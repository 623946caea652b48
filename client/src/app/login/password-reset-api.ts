import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { CompletePasswordReset, RequestPasswordReset } from '@koneksi/contracts/auth';
import type { AppInfo } from '@koneksi/contracts/demo';
import { firstValueFrom } from 'rxjs';

@Service()
export class PasswordResetApi {
  readonly #http = inject(HttpClient);

  async isByMail(): Promise<boolean> {
    return (await firstValueFrom(this.#http.get<AppInfo>('/api/app'))).passwordResetByMail;
  }

  /** Succeeds whether or not anybody has that address. */
  async request(request: RequestPasswordReset): Promise<void> {
    await firstValueFrom(this.#http.post('/api/auth/password-resets', request));
  }

  async complete(request: CompletePasswordReset): Promise<void> {
    await firstValueFrom(this.#http.post('/api/auth/password-resets/complete', request));
  }
}
