import { Component, inject, input } from '@angular/core';
import { STATUS_SIGNS } from '@koneksi/contracts/outlet-status';
import { Texts } from '../core/texts';

@Component({
  selector: 'app-health-badge',
  host: { '[attr.data-status]': "healthy() ? 'HEALTHY' : 'PROBLEM'" },
  template: `<span class="sign" aria-hidden="true">{{ healthy() ? signs.CONNECTED : signs.DISCONNECTED }}</span
    >{{ t(healthy() ? 'health.healthy' : 'health.problem') }}`,
  styleUrl: './badge.css',
})
export class HealthBadge {
  readonly healthy = input.required<boolean>();
  protected readonly signs = STATUS_SIGNS;
  protected readonly t = inject(Texts).t;
}
