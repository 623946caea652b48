import { computed, inject, type Signal } from '@angular/core';
import { AddressState, anyText } from '../core/address-state';
import { OutletChoices } from '../live-status/outlet-choices';

interface ChosenOutlet {
  readonly choices: Signal<{ value: string; label: string }[]>;
  /** The outlet in the address while it exists for this person, else their first. */
  readonly id: Signal<string | null>;
  choose(id: string): void;
}

/** Which outlet a page is about, kept in its address. */
export function chosenOutlet(): ChosenOutlet {
  const outlets = inject(OutletChoices);
  const chosen = inject(AddressState).keep<string | null>('outlet', null, anyText);
  const choices = computed(() => outlets.all().map(({ id, label }) => ({ value: id, label })));
  const id = computed(() => {
    const known = choices().map(({ value }) => value);
    const wanted = chosen();
    return wanted && known.includes(wanted) ? wanted : (known[0] ?? null);
  });
  return { choices, id, choose: (wanted) => chosen.set(wanted) };
}
