import { computed, inject, Service } from '@angular/core';
import { byOutletName } from './status-order';
import { StatusStore, type StatusRow } from './status-store';

/** The rows by name. Comparing names is what costs, so it is done again only when one of them changed. */
@Service()
export class NameOrder {
  readonly #store = inject(StatusStore);
  readonly #named = computed(() => this.#store.rows(), { equal: sameNames });
  readonly #ids = computed(() => byOutletName(this.#named()).map(({ id }) => id));

  readonly rows = computed(() => this.#ids().flatMap((id) => this.#store.row(id) ?? []));
}

function sameNames(one: readonly StatusRow[], other: readonly StatusRow[]): boolean {
  return (
    one.length === other.length &&
    one.every((row, index) => {
      const counterpart = other[index]!;
      return row.id === counterpart.id && row.status.outlet.name === counterpart.status.outlet.name;
    })
  );
}
