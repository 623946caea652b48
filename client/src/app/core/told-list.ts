import { signal } from '@angular/core';
import { ApiFault } from './api-fault';

/** A short list as last told, for as long as what provides it is open. Nothing pushes it. */
export abstract class ToldList<Item extends { readonly id: string }> {
  readonly #items = signal<readonly Item[] | null>(null);
  readonly #fault = signal<ApiFault | null>(null);
  /** `null` until the server has answered. */
  readonly items = this.#items.asReadonly();
  readonly fault = this.#fault.asReadonly();

  protected abstract ask(): Promise<readonly Item[]>;

  async load(): Promise<void> {
    this.#fault.set(null);
    try {
      this.#items.set(await this.ask());
    } catch (thrown) {
      this.#fault.set(ApiFault.of(thrown));
    }
  }

  protected change(change: (items: readonly Item[]) => readonly Item[]): void {
    this.#items.update((items) => change(items ?? []));
  }

  /** In the place of what it was before. */
  protected put(item: Item): Item {
    this.change((items) => items.map((known) => (known.id === item.id ? item : known)));
    return item;
  }

  protected drop(id: string): void {
    this.change((items) => items.filter((known) => known.id !== id));
  }
}
