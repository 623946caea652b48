import { inject, Service, signal } from '@angular/core';
import type { CreateUser, UpdateUser, User } from '@koneksi/contracts/users';
import { ApiFault } from '../core/api-fault';
import { UserApi } from './user-api';

/** The users as last told, for as long as the page or dialog that provides it is open. Nothing pushes them. */
@Service({ autoProvided: false })
export class UserList {
  readonly #api = inject(UserApi);
  readonly #users = signal<readonly User[] | null>(null);
  readonly #fault = signal<ApiFault | null>(null);
  /** `null` until the server has answered. */
  readonly users = this.#users.asReadonly();
  readonly fault = this.#fault.asReadonly();

  async load(): Promise<void> {
    this.#fault.set(null);
    try {
      this.#set(await this.#api.list());
    } catch (thrown) {
      this.#fault.set(ApiFault.of(thrown));
    }
  }

  async create(request: CreateUser): Promise<User> {
    const user = await this.#api.create(request);
    this.#set([...(this.#users() ?? []), user]);
    return user;
  }

  async update(id: string, changes: UpdateUser, ifMatch?: string): Promise<User> {
    const user = await this.#api.update(id, changes, ifMatch);
    this.#set((this.#users() ?? []).map((known) => (known.id === id ? user : known)));
    return user;
  }

  async disableSecondFactor(id: string): Promise<void> {
    await this.#api.disableSecondFactor(id);
    this.#set((this.#users() ?? []).map((known) => (known.id === id ? { ...known, hasSecondFactor: false } : known)));
  }

  async remove(id: string): Promise<void> {
    await this.#api.remove(id);
    this.#set((this.#users() ?? []).filter((known) => known.id !== id));
  }

  #set(users: readonly User[]): void {
    this.#users.set(users.toSorted((one, other) => one.name.localeCompare(other.name, 'id')));
  }
}
