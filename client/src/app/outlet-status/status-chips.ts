import { Component, inject, input, model } from '@angular/core';
import { STATUS_NAMES, type OutletStatusName } from '@koneksi/contracts/outlet-status';
import { Texts } from '../core/texts';
import type { Facets } from './status-facets';
import { StatusSign } from '../live-status/status-sign';

/** Narrows the table to one live status; where there is little room, sign and number say it. */
@Component({
  selector: 'app-status-chips',
  imports: [StatusSign],
  host: { role: 'group', '[attr.aria-label]': "t('status.byStatus')" },
  template: `
    @for (name of names; track name) {
      <button
        type="button"
        [attr.aria-pressed]="status() === name"
        [title]="t(wordOf(name))"
        (click)="status.set(status() === name ? null : name)"
        [attr.data-testid]="'filter-' + name"
      >
        <app-status-sign [status]="name" />
        <span class="word">{{ t(wordOf(name)) }}</span>
        <span class="numbers muted">{{ facets()?.byStatus?.[name] ?? t('common.none') }}</span>
      </button>
    }
  `,
  styleUrl: './status-chips.css',
})
export class StatusChips {
  /** Absent while nothing is known yet. */
  readonly facets = input.required<Facets | null>();
  readonly status = model.required<OutletStatusName | null>();
  protected readonly t = inject(Texts).t;
  protected readonly names = STATUS_NAMES;
  protected readonly wordOf = (name: OutletStatusName) => `statusName.${name}` as const;
}
