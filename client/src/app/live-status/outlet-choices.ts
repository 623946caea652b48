import { computed, inject, Service } from '@angular/core';
import { byOutletName } from './status-order';
import { StatusStore } from './status-store';
import type { CheckItem } from '../ui/forms/check-list';
import { phoneText } from '../ui/phone-text';

/** Every outlet, to choose from and to name. */
@Service()
export class OutletChoices {
  readonly #store = inject(StatusStore);
  readonly all = computed<CheckItem[]>(() =>
    byOutletName(this.#store.rows()).map(({ id, status }) => ({
      id,
      label: status.outlet.name,
      detail: phoneText(status.outlet.whatsappNumber),
    })),
  );

  nameOf(id: string): string | undefined {
    return this.#store.row(id)?.status.outlet.name;
  }
}
