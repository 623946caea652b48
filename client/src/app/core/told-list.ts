import { computed, DestroyRef, inject, signal } from '@angular/core';
import type { RecordKind } from '@koneksi/contracts/realtime';
import { AgainLater } from './again-later';
import { ApiFault } from './api-fault';
import { whenRecordsChange } from './records-changed';

/** A short list as last told, for as long as what provides it is open; read again when others change it. */
export abstract class ToldList<Item extends { readonly id: string }> {
  readonly #items = signal<readonly Item[] | null>(null);
  readonly #fault = signal<ApiFault | null>(null);
  /** `null` until the server has answered. */
  readonly items = this.#items.asReadonly();
  /** Why there is nothing to show: what was read before stays. */
  readonly fault = computed(() => (this.#items() ? null : this.#fault()));
  /** The last question counts, however the answers arrive. */
  #asked = 0;
  readonly #later = new AgainLater();

  /** @param kinds what it lists, and is made up of */
  constructor(...kinds: readonly RecordKind[]) {
    inject(DestroyRef).onDestroy(() => this.#later.stop());
    if (kinds.length > 0) whenRecordsChange(kinds, () => this.load());
  }

  protected abstract ask(): Promise<readonly Item[]>;

  async load(): Promise<void> {
    this.#fault.set(null);
    const asked = ++this.#asked;
    try {
      const items = await this.ask();
      if (asked !== this.#asked) return;
      this.#items.set(items);
      this.#later.worked();
    } catch (thrown) {
      if (asked !== this.#asked) return;
      this.#fault.set(ApiFault.of(thrown));
      // Nobody sees that what stays is old.
      if (this.#items()) this.#later.failed(() => this.load());
    }
  }

  protected change(change: (items: readonly Item[]) => readonly Item[]): void {
    this.#items.update((items) => change(items ?? []));
  }

  /** At the end; it may have been read meanwhile. */
  protected add(item: Item): void {
    this.change((items) => [...items.filter(({ id }) => id !== item.id), item]);
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
