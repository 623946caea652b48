import { Component, computed, inject, input } from '@angular/core';
import { STATUS_SIGNS, type OutletStatusName } from '@koneksi/contracts/outlet-status';
import { Texts } from '../core/texts';

/** Sign and word; the colour only repeats them. */
@Component({
  selector: 'app-status-badge',
  host: { '[attr.data-status]': 'status()' },
  template: `<span class="sign" aria-hidden="true">{{ sign() }}</span
    >{{ t(word()) }}`,
  styleUrl: './badge.css',
})
export class StatusBadge {
  readonly status = input.required<OutletStatusName>();
  protected readonly t = inject(Texts).t;
  protected readonly sign = computed(() => STATUS_SIGNS[this.status()]);
  protected readonly word = computed(() => `statusName.${this.status()}` as const);
}
