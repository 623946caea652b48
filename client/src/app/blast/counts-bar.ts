import { Component, computed, inject, input } from '@angular/core';
import { type RECIPIENT_STATUSES } from '@koneksi/contracts/blast-states';
import type { RecipientCounts } from '@koneksi/contracts/blasts';
import { wholeNumber } from '../core/formats';
import { Texts } from '../core/texts';
import { BlastTexts } from './blast-texts';

/** From what is done to what is still to do, as the bar grows. */
const ORDER = [
  'read',
  'delivered',
  'sent',
  'sending',
  'unknown',
  'failed',
  'skipped',
  'queued',
] as const satisfies readonly (typeof RECIPIENT_STATUSES)[number][];

/** Where the recipients stand, as shares of a bar. Its numbers stand beside it, or are read out. */
@Component({
  selector: 'app-counts-bar',
  host: { role: 'img', '[attr.aria-label]': 'label()' },
  template: `
    @for (part of parts(); track part.status) {
      <i [style.flex-grow]="part.count" [attr.data-status]="part.status"></i>
    }
  `,
  styles: `
    :host {
      display: flex;
      gap: 1px;
      height: 10px;
      overflow: hidden;
      border-radius: 5px;
      background: var(--k-sunken);
    }
    i {
      flex: 1 1 0;
      min-width: 2px;
      background: var(--k-border);
      transition: flex-grow 0.25s;
    }
    [data-status='read'] {
      background: var(--k-strip-busy);
    }
    [data-status='delivered'] {
      background: var(--k-strip-ok);
    }
    [data-status='sent'] {
      background: color-mix(in srgb, var(--k-strip-ok) 60%, var(--k-surface));
    }
    [data-status='sending'] {
      background: color-mix(in srgb, var(--k-strip-busy) 50%, var(--k-surface));
    }
    [data-status='unknown'] {
      background: var(--k-strip-slow);
    }
    [data-status='failed'] {
      background: var(--k-strip-bad);
    }
    [data-status='skipped'] {
      background: var(--k-outline);
    }
  `,
})
export class CountsBar {
  readonly counts = input.required<RecipientCounts>();
  readonly #locale = inject(Texts).locale;
  readonly #b = inject(BlastTexts).b;
  protected readonly parts = computed(() =>
    ORDER.map((status) => ({ status, count: this.counts()[status] })).filter(({ count }) => count > 0),
  );
  protected readonly label = computed(() =>
    this.parts()
      .map(({ status, count }) => `${this.#b(`recipient.${status}`)}: ${wholeNumber(count, this.#locale())}`)
      .join(', '),
  );
}
