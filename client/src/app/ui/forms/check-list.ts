import { Component, computed, input, model, signal } from '@angular/core';
import { SearchField } from './search-field';

export interface CheckItem {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
}

/** From this many on people search rather than look. */
const SEARCHED_FROM = 8;

/** Any number of a list, with a search where the list is long. */
@Component({
  selector: 'app-check-list',
  imports: [SearchField],
  template: `
    <fieldset>
      <legend>{{ label() }}</legend>
      @if (items().length >= searchedFrom) {
        <app-search-field [(text)]="search" [label]="searchLabel()" />
      }
      <div class="items">
        @for (item of found(); track item.id) {
          <label>
            <input
              type="checkbox"
              [checked]="chosen().has(item.id)"
              (change)="toggle(item.id)"
              [attr.data-testid]="'check-' + item.id"
            />
            <span>{{ item.label }}</span>
            <span class="muted numbers">{{ item.detail }}</span>
          </label>
        } @empty {
          <p class="muted">{{ none() }}</p>
        }
      </div>
    </fieldset>
  `,
  styles: `
    legend {
      margin-block-end: 4px;
      font-size: 0.8125rem;
      font-weight: 550;
    }
    app-search-field {
      margin-block-end: 6px;
    }
    .items {
      max-height: 240px;
      overflow-y: auto;
      border: 1px solid var(--k-border);
      border-radius: 8px;
    }
    label {
      display: flex;
      align-items: center;
      gap: 10px;
      min-height: 44px;
      padding: 4px 12px;
      cursor: pointer;
    }
    label + label {
      border-top: 1px solid var(--k-border);
    }
    label:hover {
      background: var(--k-hover);
    }
    span:last-child {
      margin-inline-start: auto;
      font-size: 0.8125rem;
    }
    p {
      padding: 12px;
    }
  `,
})
export class CheckList {
  readonly items = input.required<readonly CheckItem[]>();
  readonly chosen = model.required<ReadonlySet<string>>();
  readonly label = input.required<string>();
  readonly searchLabel = input.required<string>();
  readonly none = input.required<string>();
  protected readonly searchedFrom = SEARCHED_FROM;
  protected readonly search = signal('');
  protected readonly found = computed(() => {
    const wanted = this.search().trim().toLowerCase();
    return this.items().filter(({ label, detail }) => `${label} ${detail}`.toLowerCase().includes(wanted));
  });

  protected toggle(id: string): void {
    const chosen = new Set(this.chosen());
    if (!chosen.delete(id)) chosen.add(id);
    this.chosen.set(chosen);
  }
}
