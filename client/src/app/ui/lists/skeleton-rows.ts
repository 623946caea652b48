import { Component, inject } from '@angular/core';
import { Texts } from '../../core/texts';

/** Stands in for rows that are on their way, at their height, so that nothing jumps when they come. */
@Component({
  selector: 'app-skeleton-rows',
  host: { 'aria-busy': 'true', role: 'status' },
  template: `
    <span class="sr-only">{{ t('common.loading') }}</span>
    @for (line of lines; track line) {
      <div class="line" aria-hidden="true"><i></i><i></i><i></i></div>
    }
  `,
  styles: `
    :host {
      display: block;
    }
    .line {
      display: flex;
      align-items: center;
      gap: 24px;
      height: 58px;
      padding: 0 16px;
      border-top: 1px solid var(--k-border);
    }
    i {
      flex: 1;
      height: 12px;
      border-radius: 6px;
      background: var(--k-sunken);
      animation: breathe 1.4s ease-in-out infinite alternate;
    }
    i:first-of-type {
      flex: 0 0 160px;
    }
    @keyframes breathe {
      to {
        opacity: 0.45;
      }
    }
  `,
})
export class SkeletonRows {
  protected readonly t = inject(Texts).t;
  protected readonly lines = [1, 2, 3, 4, 5, 6];
}
