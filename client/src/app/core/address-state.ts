import { effect, inject, Service, signal, untracked, type WritableSignal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, type ParamMap } from '@angular/router';

interface Kept {
  readonly name: string;
  /** Puts into the signal what the address says. */
  take(address: ParamMap): void;
  /** What the address must say; `null` where it is the standard. */
  say(): string | null;
}

/**
 * Keeps what a page is narrowed to in its address, where reload and Back find it and a link shares it.
 * What the address says that makes no sense counts as not said. Provided by the page.
 */
@Service({ autoProvided: false })
export class AddressState {
  readonly #router = inject(Router);
  readonly #route = inject(ActivatedRoute);
  readonly #address = toSignal(this.#route.queryParamMap, { requireSync: true });
  readonly #kept: Kept[] = [];
  /** What the address last said or was made to say: the echo of that is no news, and older than what was typed since. */
  #said: string | null = null;

  constructor() {
    effect(() => {
      const address = this.#address();
      const says = this.#asText((name) => address.get(name));
      if (says === this.#said) return;
      this.#said = says;
      untracked(() => {
        for (const kept of this.#kept) kept.take(address);
      });
    });
    effect(() => {
      const queryParams = Object.fromEntries(this.#kept.map((kept) => [kept.name, kept.say()]));
      // Never in the way of one that leads elsewhere; when it has ended, this runs again.
      if (this.#router.currentNavigation()) return;
      const wanted = this.#asText((name) => queryParams[name] ?? null);
      const address = this.#address();
      if (wanted === this.#asText((name) => address.get(name))) return;
      this.#said = wanted;
      const relativeTo = this.#route;
      void this.#router.navigate([], { relativeTo, queryParams, queryParamsHandling: 'merge', replaceUrl: true });
    });
  }

  /** @param read what the address's word means; `undefined` where it means nothing. */
  keep<Value extends string | null>(
    name: string,
    standard: Value,
    read: (word: string) => Value | undefined,
  ): WritableSignal<Value> {
    const value = signal(standard);
    const kept: Kept = {
      name,
      take: (address) => {
        const word = address.get(name);
        value.set((word ? read(word) : undefined) ?? standard);
      },
      say: () => (value() === standard ? null : value()),
    };
    this.#kept.push(kept);
    kept.take(untracked(this.#address));
    return value;
  }

  #asText(wordOf: (name: string) => string | null): string {
    return JSON.stringify(this.#kept.map(({ name }) => wordOf(name)));
  }
}

/** Reads one of the words there are. */
export const oneOf =
  <Word extends string>(words: readonly Word[]) =>
  (said: string): Word | undefined =>
    words.find((word) => word === said);

/** Reads what people type or name, as it stands. */
export const anyText = (said: string): string => said;
