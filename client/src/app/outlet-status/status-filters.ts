import { Component, computed, inject, input, model } from '@angular/core';
import { STATUS_NAMES, type OutletStatusName } from '@koneksi/contracts/outlet-status';
import { Texts } from '../core/texts';
import { ChoiceField } from '../ui/choice-field';
import { SearchField } from '../ui/search-field';
import { OutletGroups } from './outlet-groups';
import { SORTS, type Sort } from './status-order';
import { StatusSign } from './status-sign';
import type { StatusCounts } from './status-store';

@Component({
  selector: 'app-status-filters',
  imports: [ChoiceField, SearchField, StatusSign],
  template: `
    <app-search-field [(text)]="search" [label]="t('status.search')" />
    <div class="chips" role="group" [attr.aria-label]="t('status.byStatus')">
      @for (name of names; track name) {
        <button
          type="button"
          [attr.aria-pressed]="status() === name"
          (click)="status.set(status() === name ? null : name)"
          [attr.data-testid]="'filter-' + name"
        >
          <app-status-sign [status]="name" />
          {{ t(wordOf(name)) }}
          <span class="numbers muted">{{ counts()?.byStatus?.[name] ?? t('common.none') }}</span>
        </button>
      }
    </div>
    <div class="choices">
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
      flex-wrap: wrap;
      align-items: center;
      gap: 12px;
      min-width: 0;
    }
    app-search-field {
      flex: 1 1 200px;
      max-width: 420px;
    }
    .choices {
      display: flex;
      flex: none;
      gap: 8px;
      margin-inline-start: auto;
    }
    .choices app-choice-field {
      max-width: 190px;
    }
    .chips {
      order: 1;
      flex: none;
      width: calc(100% + 8px);
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
      overflow-x: auto;
      /* Room for the focus ring, which scrolling would cut off. */
      padding: 4px;
      margin: -4px;
      scrollbar-width: none;
    }
    .chips button {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      flex: none;
      height: 32px;
      padding: 0 10px;
      border: 1px solid var(--k-border);
      border-radius: 16px;
      background: var(--k-surface);
      color: inherit;
      font-size: 0.8125rem;
      cursor: pointer;
    }
    .chips button:hover {
      border-color: var(--k-outline);
    }
    .chips button[aria-pressed='true'] {
      border-color: var(--k-accent);
      background: var(--k-accent-soft);
      color: var(--k-accent);
      font-weight: 550;
    }
    .chips button[aria-pressed='true'] .muted {
      color: inherit;
    }
    @media (max-width: 699px) {
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
      }
      .chips {
        flex-wrap: nowrap;
        width: auto;
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
      .chips {
        margin-inline: -14px;
        padding-inline: 14px;
      }
      .chips button {
        height: 44px;
        border-radius: 22px;
      }
    }
  `,
})
export class StatusFilters {
  /** Absent while nothing is known yet. */
  readonly counts = input.required<StatusCounts | null>();
  readonly search = model.required<string>();
  readonly status = model.required<OutletStatusName | null>();

  readonly city = model.required<string | null>();
  readonly tag = model.required<string | null>();
  readonly sort = model.required<Sort>();

  protected readonly t = inject(Texts).t;
  protected readonly groups = inject(OutletGroups);
  protected readonly cities = computed(() => [
    { value: '', label: this.t('status.allCities') },
    ...asChoices(this.groups.cities()),
  ]);
  protected readonly tags = computed(() => [
    { value: '', label: this.t('status.allTags') },
    ...asChoices(this.groups.tags()),
  ]);
  protected readonly sorts = computed(() => SORTS.map((value) => ({ value, label: this.t(`status.sorts.${value}`) })));
  protected readonly asSort = (value: string) => value as Sort;
  protected readonly names = STATUS_NAMES;
  protected readonly wordOf = (name: OutletStatusName) => `statusName.${name}` as const;
}

function asChoices(words: readonly string[]): { value: string; label: string }[] {
  return words.map((word) => ({ value: word, label: word }));
}
