import { Component, inject, input, model } from '@angular/core';
import { STATUS_NAMES, type OutletStatusName } from '@koneksi/contracts/outlet-status';
import { Texts } from '../core/texts';
import { SearchField } from '../ui/search-field';
import { StatusSign } from './status-sign';
import type { StatusCounts } from './status-store';

@Component({
  selector: 'app-status-filters',
  imports: [SearchField, StatusSign],
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
          <span class="numbers muted">{{ counts().byStatus[name] }}</span>
        </button>
      }
    </div>
  `,
  styles: `
    :host {
      display: flex;
      align-items: center;
      gap: 12px;
      min-width: 0;
    }
    .chips {
      display: flex;
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
      padding: 0 11px;
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
    @media (max-width: 899px) {
      :host {
        flex-direction: column;
        align-items: stretch;
      }
    }
    @media (max-width: 699px) {
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
  readonly counts = input.required<StatusCounts>();
  readonly search = model.required<string>();
  readonly status = model.required<OutletStatusName | null>();

  protected readonly t = inject(Texts).t;
  protected readonly names = STATUS_NAMES;
  protected readonly wordOf = (name: OutletStatusName) => `statusName.${name}` as const;
}
