import { Component, computed, inject, input } from '@angular/core';
import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import { Texts } from '../core/texts';
import { StatusSign } from './status-sign';

/** Sign and word; the colour only repeats them. */
@Component({
  selector: 'app-status-badge',
  imports: [StatusSign],
  host: { '[attr.data-status]': 'status()' },
  template: `<app-status-sign [status]="status()" /> {{ t(word()) }}`,
  styleUrl: './badge.css',
})
export class StatusBadge {
  readonly status = input.required<OutletStatusName>();
  protected readonly t = inject(Texts).t;
  protected readonly word = computed(() => `statusName.${this.status()}` as const);
}
