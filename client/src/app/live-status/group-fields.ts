import { Component, computed, inject, model } from '@angular/core';
import { Texts } from '../core/texts';
import type { Choice } from '../ui/choice';
import { ChoiceField } from '../ui/choice-field';
import { OutletGroups } from './outlet-groups';

/** Narrows outlets to a city and a tag, where any has one. */
@Component({
  selector: 'app-group-fields',
  imports: [ChoiceField],
  template: `
    @if (groups.cities().length) {
      <app-choice-field
        compact
        name="filter-city"
        [label]="t('status.byCity')"
        [choices]="cities()"
        [value]="city() ?? ''"
        (valueChange)="city.set($event || null)"
      />
    }
    @if (groups.tags().length) {
      <app-choice-field
        compact
        name="filter-tag"
        [label]="t('status.byTag')"
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
    app-choice-field {
      max-width: 140px;
    }
    @media (max-width: 699px) {
      app-choice-field {
        flex: none;
      }
    }
  `,
})
export class GroupFields {
  readonly city = model.required<string | null>();
  readonly tag = model.required<string | null>();
  protected readonly t = inject(Texts).t;
  protected readonly groups = inject(OutletGroups);
  protected readonly cities = computed(() => choices(this.t('status.allCities'), this.groups.cities()));
  protected readonly tags = computed(() => choices(this.t('status.allTags'), this.groups.tags()));
}

function choices(all: string, words: readonly string[]): Choice[] {
  return [{ value: '', label: all }, ...words.map((word) => ({ value: word, label: word }))];
}
