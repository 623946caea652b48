import { Component, inject, model } from '@angular/core';
import { Texts } from '../core/texts';
import { SearchField } from '../ui/forms/search-field';
import { GroupFields } from './group-fields';

/** Narrows outlets by what is typed, a city and a tag, and by what the page puts beside them. */
@Component({
  selector: 'app-outlet-filters',
  imports: [GroupFields, SearchField],
  template: `
    <app-search-field [(text)]="search" [label]="t('status.search')" />
    <div class="choices">
      <app-group-fields [(city)]="city" [(tag)]="tag" />
      <ng-content />
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
      --k-compact-choice: 140px;

      display: grid;
      flex: none;
      grid-auto-flow: column;
      gap: 8px;
    }
    @media (max-width: 699px) {
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
      }
      .choices {
        --k-compact-choice: 240px;

        justify-content: start;
        grid-auto-columns: max-content;
        padding: 4px 14px;
        margin: -4px -14px;
        overflow-x: auto;
        scrollbar-width: none;
      }
      app-search-field {
        max-width: none;
      }
    }
  `,
})
export class OutletFilters {
  readonly search = model.required<string>();
  readonly city = model.required<string | null>();
  readonly tag = model.required<string | null>();
  protected readonly t = inject(Texts).t;
}
