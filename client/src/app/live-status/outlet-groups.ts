import { computed, inject, Service } from '@angular/core';
import { sameWord } from './status-order';
import { StatusStore } from './status-store';

/** The cities and tags in use, as people read them. */
@Service()
export class OutletGroups {
  readonly #rows = inject(StatusStore).rows;

  readonly cities = computed(() => inOrder(this.#rows().flatMap(({ status }) => status.outlet.city ?? [])), {
    equal: sameWords,
  });
  readonly tags = computed(() => inOrder(this.#rows().flatMap(({ status }) => status.outlet.tags)), {
    equal: sameWords,
  });
}

/** A city or tag that no outlet has, from an old link, narrows nothing. */
export function inUse(chosen: string | null, words: readonly string[]): string | null {
  return words.find((word) => sameWord(chosen, word)) ?? null;
}

function inOrder(words: readonly string[]): string[] {
  const bySpelling = new Map(words.map((word) => [word.toLowerCase(), word]));
  return [...bySpelling.values()].sort((one, other) => one.localeCompare(other, 'id'));
}

function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, index) => word === other[index]);
}
