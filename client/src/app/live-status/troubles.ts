import { computed, inject, Service } from '@angular/core';
import { kindOf } from '@koneksi/contracts/outlet-kind';
import type { Trouble } from '@koneksi/contracts/shared-cause';
import { StatusPast } from './status-past';
import { StatusStore } from './status-store';

/** Every outlet that needs a person now, and how many there are that should be up. */
@Service()
export class Troubles {
  readonly #rows = inject(StatusStore).rows;
  readonly #past = inject(StatusPast);

  readonly all = computed<readonly Trouble[]>(() =>
    this.#rows().flatMap((row) => {
      if (kindOf(row.status, false) !== 'problem') return [];
      return [{ outletId: row.id, code: row.status.reason?.code ?? null, since: this.#past.since(row) ?? 0 }];
    }),
  );
  readonly count = computed(() => this.all().length);
  /** Neither switched off nor still waiting for a first phone. */
  readonly fleet = computed(
    () => this.#rows().filter(({ status }) => !['paused', 'setup'].includes(kindOf(status, false))).length,
  );
}
