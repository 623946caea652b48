import { inject, linkedSignal, Service } from '@angular/core';
import { byOutletName, reordered } from './status-order';
import { StatusStore, type StatusRow } from './status-store';

/** The rows by name. Comparing names is what costs, so a change compares but the names that it brought. */
@Service()
export class NameOrder {
  readonly #store = inject(StatusStore);

  readonly rows = linkedSignal<readonly StatusRow[], readonly StatusRow[]>({
    source: this.#store.rows,
    computation: (rows, before) => (before ? reordered(before.value, rows) : byOutletName(rows)),
  }).asReadonly();
}
