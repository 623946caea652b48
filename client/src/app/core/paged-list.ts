import { signal } from '@angular/core';
import { ApiFault } from './api-fault';

interface Page<Item> {
  items: readonly Item[];
  count: number;
  next: string | null;
}

/** A long list as the server pages it. What was asked for last wins, however the answers arrive. */
export class PagedList<Item> {
  readonly #items = signal<readonly Item[] | null>(null);
  readonly #count = signal(0);
  readonly #fault = signal<ApiFault | null>(null);
  /** `null` until the server has answered. */
  readonly items = this.#items.asReadonly();
  /** How many match in all. */
  readonly count = this.#count.asReadonly();
  readonly fault = this.#fault.asReadonly();
  #next: string | null = null;
  #asked = 0;
  #loadsMore = false;

  constructor(private readonly ask: (after: string | null) => Promise<Page<Item>>) {}

  /** From the beginning; what is shown stays until the answer is there. */
  async load(): Promise<void> {
    await this.#take(null, () => []);
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  async loadMore(): Promise<void> {
    if (this.#next === null || this.#loadsMore) return;
    this.#loadsMore = true;
    await this.#take(this.#next, () => this.#items() ?? []);
    this.#loadsMore = false;
  }

  clear(): void {
    this.#asked += 1;
    this.#items.set(null);
    this.#next = null;
  }

  async #take(after: string | null, before: () => readonly Item[]): Promise<void> {
    const asked = ++this.#asked;
    try {
      const page = await this.ask(after);
      if (asked !== this.#asked) return;
      this.#items.set([...before(), ...page.items]);
      this.#count.set(page.count);
      this.#next = page.next;
      this.#fault.set(null);
    } catch (thrown) {
      if (asked === this.#asked) this.#fault.set(ApiFault.of(thrown));
    }
  }
}
