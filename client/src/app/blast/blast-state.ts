import { Component, computed, inject, input } from '@angular/core';
import type { BlastStatus } from '@koneksi/contracts/blast-states';
import { Icon, type IconName } from '../ui/icon';
import { BlastTexts } from './blast-texts';

const ICON_OF = {
  scheduled: 'clock',
  running: 'play',
  paused: 'pause',
  canceled: 'close',
  finished: 'check',
} as const satisfies Record<BlastStatus, IconName>;

/** Where a blast stands: sign and word. */
@Component({
  selector: 'app-blast-state',
  imports: [Icon],
  host: { '[attr.data-status]': 'status()', 'data-testid': 'blast-status' },
  template: `<app-icon [name]="icons[status()]" /> {{ word() }}`,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 5px;
      padding: 1px 9px 1px 7px;
      border-radius: 6px;
      background: var(--k-idle-soft);
      color: var(--k-idle);
      font-size: 0.8125rem;
      font-weight: 550;
      line-height: 20px;
      white-space: nowrap;
      --icon-size: 14px;
    }
    :host([data-status='running']) {
      background: var(--k-busy-soft);
      color: var(--k-busy);
    }
    :host([data-status='finished']) {
      background: var(--k-ok-soft);
      color: var(--k-ok);
    }
    :host([data-status='paused']),
    :host([data-status='scheduled']) {
      background: var(--k-slow-soft);
      color: var(--k-slow);
    }
  `,
})
export class BlastState {
  readonly status = input.required<BlastStatus>();
  readonly #b = inject(BlastTexts).b;
  protected readonly word = computed(() => this.#b(`state.${this.status()}`));
  protected readonly icons = ICON_OF;
}
