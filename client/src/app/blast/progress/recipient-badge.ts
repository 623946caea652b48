import { Component, computed, inject, input } from '@angular/core';
import type { RecipientStatus } from '@koneksi/contracts/blast-states';
import { BlastTexts } from '../blast-texts';

/** Drawn on a 16 by 16 grid: fonts lack some signs, and phones would show others as coloured emoji. */
const DRAWN: Record<RecipientStatus, string> = {
  queued: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M8 5v3l2 1.5',
  sending: 'M2.5 8h10M9 4.5 12.5 8 9 11.5',
  sent: 'M3 8.5 6.5 12 13 4.5',
  delivered: 'M1.5 8.5 5 12l6-7M8 11l1 1 6-7',
  read: 'M1 8s2.5-4.5 7-4.5S15 8 15 8s-2.5 4.5-7 4.500S1 8 1 8M8 9.700a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4',
  failed: 'M4 4l8 8M12 4l-8 8',
  skipped: 'M3 3.5 8.5 8 3 12.500zM12 3.500v9',
  unknown: 'M5.5 6a2.5 2.5 0 1 1 3.7 2.200C8.3 8.7 8 9.2 8 10M8 12.500v.01',
};

/** Sign and word; the colour only repeats them. */
@Component({
  selector: 'app-recipient-badge',
  host: { '[attr.data-status]': 'status()' },
  template: `
    <svg viewBox="0 0 16 16" aria-hidden="true"><path [attr.d]="path()" /></svg>
    {{ word() }}
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      color: var(--k-idle);
      font-size: 0.8125rem;
      font-weight: 550;
      white-space: nowrap;
    }
    svg {
      flex: none;
      width: 14px;
      height: 14px;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.8;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
    :host([data-status='sending']),
    :host([data-status='read']) {
      color: var(--k-busy);
    }
    :host([data-status='sent']),
    :host([data-status='delivered']) {
      color: var(--k-ok);
    }
    :host([data-status='failed']) {
      color: var(--k-off);
    }
    :host([data-status='unknown']) {
      color: var(--k-slow);
    }
  `,
})
export class RecipientBadge {
  readonly status = input.required<RecipientStatus>();
  readonly #b = inject(BlastTexts).b;
  protected readonly path = computed(() => DRAWN[this.status()]);
  protected readonly word = computed(() => this.#b(`recipient.${this.status()}`));
}
