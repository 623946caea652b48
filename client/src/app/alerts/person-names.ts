import { computed, inject, Service } from '@angular/core';
import { AlertDesk } from './alert-desk';
import { AlertTexts } from './alert-texts';

/** What the page of alerts calls people whose browsers are called. */
@Service({ autoProvided: false })
export class PersonNames {
  readonly #desk = inject(AlertDesk);
  readonly #a = inject(AlertTexts).a;
  readonly #names = computed(() => new Map(this.#desk.people().map(({ id, name }) => [id, name])));

  readonly of = (id: string): string => this.#names().get(id) ?? this.#a('row.personGone');
}
