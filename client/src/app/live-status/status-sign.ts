import { Component, computed, input } from '@angular/core';
import { STATUS_SIGNS, type OutletStatusName } from '@koneksi/contracts/outlet-status';

/** The same six signs, drawn: fonts lack some of them, and phones would show others as coloured emoji. */
const DRAWN: Record<OutletStatusName, string> = {
  CONNECTED: 'M3 8.5 6.5 12 13 4.5',
  CONNECTING: 'M13 8a5 5 0 1 1-1.6-3.7M13.2 1.8V5H10',
  DISCONNECTED: 'M4 4l8 8M12 4l-8 8',
  PAUSED: 'M5.8 3.5v9M10.2 3.5v9',
  FAILED: 'M8 2.4 14.2 13.4H1.8zM8 6.6v3M8 11.5v.01',
  TIMEOUT: 'M8 14.2a5.2 5.2 0 1 0 0-10.4 5.2 5.2 0 0 0 0 10.4M8 6.4V9M6.4 1.5h3.2',
};

/** Always beside the word it repeats, and so hidden from screen readers. */
@Component({
  selector: 'app-status-sign',
  host: { 'aria-hidden': 'true' },
  template: `<svg viewBox="0 0 16 16"><path [attr.d]="path()" /></svg><span class="sr-only">{{ character() }}</span>`,
  styles: `
    :host {
      position: relative;
      display: inline-flex;
      flex: none;
      width: 1em;
      height: 1em;
      vertical-align: -0.1em;
    }
    svg {
      width: 100%;
      height: 100%;
      fill: none;
      stroke: currentColor;
      stroke-width: 1.8;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
})
export class StatusSign {
  readonly status = input.required<OutletStatusName>();
  protected readonly path = computed(() => DRAWN[this.status()]);
  protected readonly character = computed(() => STATUS_SIGNS[this.status()]);
}
