import { HttpClient } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import type { CreateUser, UpdateUser, User } from '@koneksi/contracts/users';
import { firstValueFrom } from 'rxjs';
import { onlyIf } from '../core/edited';

@Service()
export class UserApi {
  readonly #http = inject(HttpClient);

  list(): Promise<User[]> {
    return firstValueFrom(this.#http.get<User[]>('/api/users'));
  }

  create(request: CreateUser): Promise<User> {
    return firstValueFrom(this.#http.post<User>('/api/users', request));
  }

  update(id: string, changes: UpdateUser, ifMatch?: string): Promise<User> {
    return firstValueFrom(this.#http.patch<User>(`/api/users/${id}`, changes, onlyIf(ifMatch)));
  }

  async disableSecondFactor(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/users/${id}/second-factor`));
  }

  async remove(id: string): Promise<void> {
    await firstValueFrom(this.#http.delete(`/api/users/${id}`));
  }
}
