import { Component, computed, inject, model } from '@angular/core';
import { Texts } from '../core/texts';
import { choicesOf } from '../ui/forms/choice';
import { ChoiceField } from '../ui/forms/choice-field';
import { OutletGroups } from './outlet-groups';

/** Narrows outlets to a city and a tag, where any has one. */
@Component({
  selector: 'app-group-fields',
  imports: [ChoiceField],
  template: `
    @if (cities().length) {
      <app-choice-field
        compact
        name="filter-city"
        [label]="t('status.byCity')"
        [all]="t('status.allCities')"
        [choices]="cities()"
        [value]="city() ?? ''"
        (valueChange)="city.set($event || null)"
      />
    }
    @if (tags().length) {
      <app-choice-field
        compact
        name="filter-tag"
        [label]="t('status.byTag')"
        [all]="t('status.allTags')"
        [choices]="tags()"
        [value]="tag() ?? ''"
        (valueChange)="tag.set($event || null)"
      />
    }
  `,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class GroupFields {
  readonly city = model.required<string | null>();
  readonly tag = model.required<string | null>();
  protected readonly t = inject(Texts).t;
  readonly #groups = inject(OutletGroups);
  protected readonly cities = computed(() => choicesOf(this.#groups.cities()));
  protected readonly tags = computed(() => choicesOf(this.#groups.tags()));
}
