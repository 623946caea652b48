import { computed, effect, inject, untracked, type Signal } from '@angular/core';
import { AddressState, anyText } from '../core/address-state';
import { recall, remember } from '../core/remembered';
import { OutletChoices } from '../live-status/outlet-choices';

interface ChosenOutlet {
  readonly choices: Signal<{ value: string; label: string }[]>;
  /**
   * The outlet in the address, else the one that was chosen in this browser before, as long as it exists for this person;
   * else the only one there is. Of several none is taken for chosen: a file would land at customers of another shop.
   */
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
    const wanted = [chosen(), recall('outlet')].find((one) => one && known.includes(one));
    return wanted ?? (known.length === 1 ? known[0]! : null);
  });
  effect(() => {
    const shown = id();
    if (!shown) return;
    remember('outlet', shown);
    untracked(() => chosen.set(shown));
  });
  return { choices, id, choose: (wanted) => chosen.set(wanted) };
}
