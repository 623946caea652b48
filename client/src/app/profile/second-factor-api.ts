import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { RecoveryCodes, SecondFactor, SecondFactorSecret } from '@koneksi/contracts/second-factor';
import { firstValueFrom } from 'rxjs';

const AT = '/api/auth/me/second-factor';

@Service()
export class SecondFactorApi {
  readonly #http = inject(HttpClient);

  state(): Promise<SecondFactor> {
    return firstValueFrom(this.#http.get<SecondFactor>(AT));
  }

  start(currentPassword: string): Promise<SecondFactorSecret> {
    return firstValueFrom(this.#http.post<SecondFactorSecret>(AT, { currentPassword }));
  }

  async confirm(code: string): Promise<string[]> {
    return (await firstValueFrom(this.#http.post<RecoveryCodes>(`${AT}/confirm`, { code }))).recoveryCodes;
  }

  async renewRecoveryCodes(code: string): Promise<string[]> {
    return (await firstValueFrom(this.#http.post<RecoveryCodes>(`${AT}/recovery-codes`, { code }))).recoveryCodes;
  }

  async disable(code: string): Promise<void> {
    await firstValueFrom(this.#http.post(`${AT}/disable`, { code }));
  }
}
