import { Component, inject, input } from '@angular/core';
import { Texts } from '../core/texts';
import { StatusSign } from './status-sign';

@Component({
  selector: 'app-health-badge',
  imports: [StatusSign],
  host: { '[attr.data-status]': "healthy() ? 'HEALTHY' : 'PROBLEM'" },
  template: `
    <app-status-sign [status]="healthy() ? 'CONNECTED' : 'DISCONNECTED'" />
    {{ t(healthy() ? 'health.healthy' : 'health.problem') }}
  `,
  styleUrl: './badge.css',
})
export class HealthBadge {
  readonly healthy = input.required<boolean>();
  protected readonly t = inject(Texts).t;
}
