import { Component, inject, input, model } from '@angular/core';
import { OUTLET_KINDS } from '@koneksi/contracts/outlet-kind';
import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import { Texts } from '../core/texts';
import type { Facets } from './status-facets';
import type { StatusFilter } from '../live-status/status-order';
import { StatusSign } from '../live-status/status-sign';

const SIGN_OF = {
  problem: 'DISCONNECTED',
  unstable: 'FAILED',
  setup: 'CONNECTING',
  paused: 'PAUSED',
  healthy: 'CONNECTED',
} as const satisfies Record<(typeof OUTLET_KINDS)[number], OutletStatusName>;

/** How many outlets of each kind there are among those asked for; each number filters the table to what it counts. */
@Component({
  selector: 'app-summary-cards',
  imports: [StatusSign],
  host: { role: 'group', '[attr.aria-label]': "t('status.summary')" },
  template: `
    @for (card of cards; track card.kind) {
      <button
        type="button"
        [attr.data-kind]="card.kind"
        [class.none]="countOf(card.kind) === 0"
        [attr.aria-pressed]="health() === card.kind"
        (click)="health.set(card.kind)"
        [attr.data-testid]="'summary-' + (card.kind === 'all' ? 'total' : card.kind)"
      >
        @if (card.sign) {
          <app-status-sign [status]="card.sign" />
        }
        <span>{{ t(card.label) }}</span>
        <strong
          class="numbers"
          [attr.data-testid]="'summary-' + (card.kind === 'all' ? 'total' : card.kind) + '-value'"
          >{{ shown(card.kind) }}</strong
        >
      </button>
    }
  `,
  styleUrl: './summary-cards.css',
})
export class SummaryCards {
  /** Absent while nothing is known yet. */
  readonly facets = input.required<Facets | null>();
  readonly health = model.required<StatusFilter['health']>();

  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly cards = [
    { kind: 'all', label: 'status.total', sign: null } as const,
    ...OUTLET_KINDS.map((kind) => ({ kind, label: `kinds.${kind}` as const, sign: SIGN_OF[kind] })),
  ];

  protected countOf(kind: StatusFilter['health']): number | null {
    const facets = this.facets();
    if (!facets) return null;
    return kind === 'all' ? facets.anyKind : facets.byKind[kind];
  }

  protected shown(kind: StatusFilter['health']): string {
    const count = this.countOf(kind);
    return count === null ? this.t('common.none') : this.#texts.number(count);
  }
}
