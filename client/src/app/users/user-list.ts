import { computed, inject, Service } from '@angular/core';
import type { CreateUser, UpdateUser, User } from '@koneksi/contracts/users';
import { ToldList } from '../core/told-list';
import { UserApi } from './user-api';

@Service({ autoProvided: false })
export class UserList extends ToldList<User> {
  readonly #api = inject(UserApi);
  /** By name; `null` until the server has answered. */
  readonly users = computed(
    () => this.items()?.toSorted((one, other) => one.name.localeCompare(other.name, 'id')) ?? null,
  );

  constructor() {
    super('user');
  }

  protected ask(): Promise<readonly User[]> {
    return this.#api.list();
  }

  async create(request: CreateUser): Promise<User> {
    const user = await this.#api.create(request);
    this.add(user);
    return user;
  }

  async update(id: string, changes: UpdateUser, ifMatch?: string): Promise<User> {
    return this.put(await this.#api.update(id, changes, ifMatch));
  }

  async disableSecondFactor(id: string): Promise<void> {
    await this.#api.disableSecondFactor(id);
    this.change((users) => users.map((known) => (known.id === id ? { ...known, hasSecondFactor: false } : known)));
  }

  async remove(id: string): Promise<void> {
    await this.#api.remove(id);
    this.drop(id);
  }
}
