import { computed, DestroyRef, inject, signal } from '@angular/core';
import { AgainLater } from './again-later';
import { ApiFault } from './api-fault';

interface Page<Item> {
  items: readonly Item[];
  /** How many match in all, where that is told. */
  count?: number;
  next: string | null;
}

/** A long list as the server pages it, as far as somebody read it. */
export class PagedList<Item extends object> {
  readonly #items = signal<readonly Item[] | null>(null);
  readonly #count = signal(0);
  readonly #fault = signal<ApiFault | null>(null);
  readonly #moreFault = signal<ApiFault | null>(null);
  readonly #next = signal<string | null>(null);
  /** `null` until the server has answered. */
  readonly items = this.#items.asReadonly();
  /** How many match in all. */
  readonly count = this.#count.asReadonly();
  /** Why what was asked for is not there. */
  readonly fault = this.#fault.asReadonly();
  /** Why it does not go on. */
  readonly moreFault = this.#moreFault.asReadonly();
  readonly more = computed(() => this.#next() !== null);
  /** What was asked for last wins, however the answers arrive. */
  #asked = 0;
  /** What goes on from what is shown, or reads it again, is done one after the other: neither is lost by the other. */
  #turn: Promise<void> = Promise.resolve();
  #waitsForMore = false;
  readonly #later = new AgainLater();

  /**
   * @param ask answers what follows, of about this many where the server lets one say so
   * @param keyOf what stays the same while an item changes
   * @param during reads by itself, as its owner does: within what keeps the news that come meanwhile
   */
  constructor(
    private readonly ask: (after: string | null, about: number) => Promise<Page<Item>>,
    private readonly keyOf: (item: Item) => string,
    private readonly during: (read: () => Promise<void>) => Promise<void> = (read) => read(),
  ) {
    inject(DestroyRef).onDestroy(() => this.#later.stop());
  }

  get hasMore(): boolean {
    return this.more();
  }

  /** Something else than before, or what could not be read, from its beginning; what is shown stays until the answer. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    this.#later.worked();
    try {
      const page = await this.ask(null, 0);
      if (asked === this.#asked) this.#show(page.items, page);
    } catch (thrown) {
      if (asked === this.#asked) this.#fault.set(ApiFault.of(thrown));
    }
  }

  async loadMore(): Promise<void> {
    if (this.#waitsForMore) return;
    this.#waitsForMore = true;
    await this.#inTurn(async (isWanted) => {
      const after = this.#next();
      if (after === null) return;
      try {
        const page = await this.ask(after, 0);
        // What was shown meanwhile may be something else, which goes on from elsewhere.
        if (isWanted() && after === this.#next()) this.#show([...(this.#items() ?? []), ...page.items], page);
      } catch (thrown) {
        if (isWanted()) this.#moreFault.set(ApiFault.of(thrown));
      }
    });
    this.#waitsForMore = false;
  }

  /**
   * The same once more, as far as it is shown: what is there stays until all of it is read. Where that fails it is tried
   * later; who reads the page did not ask for it, and is not bothered.
   */
  async again(): Promise<void> {
    if (!this.#items() || this.#fault()) return this.load();
    await this.#inTurn(async (isWanted) => {
      const shown = this.#items()?.length ?? 0;
      const items: Item[] = [];
      try {
        let page: Page<Item>;
        let after: string | null = null;
        do {
          page = await this.ask(after, shown - items.length);
          if (!isWanted()) return;
          items.push(...page.items);
          after = page.next;
        } while (after !== null && items.length < shown);
        this.#show(items, page);
        this.#later.worked();
      } catch {
        if (isWanted()) this.#later.failed(() => this.during(() => this.again()));
      }
    });
  }

  /** What is known of them without asking. */
  change(change: (items: readonly Item[]) => readonly Item[]): void {
    this.#items.update((items) => items && change(items));
  }

  /** In the place of what it was before. */
  put(item: Item): void {
    const key = this.keyOf(item);
    this.change((items) => items.map((known) => (this.keyOf(known) === key ? item : known)));
  }

  clear(): void {
    this.#asked += 1;
    this.#later.worked();
    this.#items.set(null);
    this.#fault.set(null);
    this.#next.set(null);
  }

  #inTurn(read: (isWanted: () => boolean) => Promise<void>): Promise<void> {
    const asked = this.#asked;
    const isWanted = (): boolean => asked === this.#asked;
    return (this.#turn = this.#turn.then(() => (isWanted() ? read(isWanted) : undefined)));
  }

  /** What moved while it was read stands where it was read last. */
  #show(items: readonly Item[], { count, next }: Page<Item>): void {
    this.#items.set([...new Map(items.map((item) => [this.keyOf(item), item])).values()]);
    this.#count.set(count ?? items.length);
    this.#next.set(next);
    this.#fault.set(null);
    this.#moreFault.set(null);
  }
}
