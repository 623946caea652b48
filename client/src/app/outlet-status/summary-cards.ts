import { Component, inject, input, model } from '@angular/core';
import { wholeNumber } from '../core/formats';
import { Texts } from '../core/texts';
import type { StatusFilter } from './status-order';
import { StatusSign } from './status-sign';
import type { StatusCounts } from './status-store';

/** The three numbers everyone looks for first; each one filters the table to what it counts. */
@Component({
  selector: 'app-summary-cards',
  imports: [StatusSign],
  template: `
    @for (card of cards; track card.health) {
      <button
        type="button"
        class="panel"
        [attr.data-kind]="card.health"
        [attr.aria-pressed]="health() === card.health"
        (click)="health.set(card.health)"
        [attr.data-testid]="'summary-' + card.counts"
      >
        <span class="label">
          @if (card.sign) {
            <app-status-sign [status]="card.sign" />
          }
          {{ t(card.label) }}
        </span>
        <span class="value numbers" [attr.data-testid]="'summary-' + card.counts + '-value'">
          @if (counts(); as counted) {
            {{ number(counted[card.counts]) }}
          } @else {
            {{ t('common.none') }}
          }
        </span>
      </button>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: repeat(3, minmax(0, 220px));
      gap: 12px;
    }
    button {
      display: grid;
      gap: 2px;
      padding: 10px 14px;
      text-align: start;
      color: inherit;
      cursor: pointer;
      transition: border-color 0.15s;
    }
    button:hover {
      border-color: var(--k-outline);
    }
    button[aria-pressed='true'] {
      border-color: var(--k-accent);
      box-shadow: inset 0 0 0 1px var(--k-accent);
    }
    .label {
      display: flex;
      align-items: center;
      gap: 5px;
      white-space: nowrap;
      color: var(--k-muted);
      font-size: 0.8125rem;
    }
    .value {
      font-size: 1.625rem;
      font-weight: 600;
      line-height: 1.2;
      letter-spacing: -0.02em;
    }
    [data-kind='healthy'] app-status-sign {
      color: var(--k-ok);
    }
    [data-kind='problem'] app-status-sign {
      color: var(--k-off);
    }
    @media (max-width: 699px) {
      :host {
        gap: 8px;
      }
      button {
        padding: 8px;
      }
      .label {
        font-size: 0.75rem;
        letter-spacing: -0.01em;
      }
      .value {
        font-size: 1.375rem;
      }
    }
    @media (max-width: 359px) {
      app-status-sign {
        display: none;
      }
    }
  `,
})
export class SummaryCards {
  /** Absent while nothing is known yet. */
  readonly counts = input.required<StatusCounts | null>();
  readonly health = model.required<StatusFilter['health']>();

  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly cards = [
    { health: 'all', counts: 'total', label: 'status.total', sign: null },
    { health: 'healthy', counts: 'healthy', label: 'status.healthy', sign: 'CONNECTED' },
    { health: 'problem', counts: 'problem', label: 'status.problem', sign: 'DISCONNECTED' },
  ] as const;

  protected number(value: number): string {
    return wholeNumber(value, this.#texts.locale());
  }
}
