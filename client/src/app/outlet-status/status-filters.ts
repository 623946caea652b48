import { Component, computed, inject, model } from '@angular/core';
import { Texts } from '../core/texts';
import { ChoiceField } from '../ui/choice-field';
import { SearchField } from '../ui/search-field';
import { GroupFields } from '../live-status/group-fields';
import { SORTS, type Sort } from '../live-status/status-order';

@Component({
  selector: 'app-status-filters',
  imports: [ChoiceField, GroupFields, SearchField],
  template: `
    <app-search-field [(text)]="search" [label]="t('status.search')" />
    <div class="choices">
      <app-group-fields [(city)]="city" [(tag)]="tag" />
      <app-choice-field
        compact
        name="sort"
        [label]="t('status.sortBy')"
        [choices]="sorts()"
        [value]="sort()"
        (valueChange)="sort.set(asSort($event))"
      />
    </div>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 8px;
      min-width: 0;
    }
    app-search-field {
      flex: 1 1 240px;
      max-width: 320px;
    }
    .choices {
      display: flex;
      flex: none;
      gap: 8px;
    }
    .choices app-choice-field {
      max-width: 140px;
    }
    @media (max-width: 699px) {
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
      }
      .choices {
        padding: 4px 14px;
        margin: -4px -14px;
        overflow-x: auto;
        scrollbar-width: none;
      }
      app-search-field {
        max-width: none;
      }
      .choices app-choice-field {
        flex: none;
      }
    }
  `,
})
export class StatusFilters {
  readonly search = model.required<string>();

  readonly city = model.required<string | null>();
  readonly tag = model.required<string | null>();
  readonly sort = model.required<Sort>();

  protected readonly t = inject(Texts).t;
  protected readonly sorts = computed(() => SORTS.map((value) => ({ value, label: this.t(`status.sorts.${value}`) })));
  protected readonly asSort = (value: string) => value as Sort;
}
