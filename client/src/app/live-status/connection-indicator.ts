import { Component, computed, inject } from '@angular/core';
import { clockTime } from '../core/formats';
import { Texts } from '../core/texts';
import { StatusFeed } from './status-feed';

const SHORT = {
  live: 'connection.live',
  connecting: 'connection.connecting',
  lost: 'connection.lostShort',
  'store-down': 'connection.storeDownShort',
} as const;

/** Whether this page itself is connected: always in sight, and never "live" when it is not. */
@Component({
  selector: 'app-connection-indicator',
  host: { role: 'status', 'data-testid': 'connection', '[attr.data-state]': 'freshness()' },
  template: `
    <span class="dot" aria-hidden="true"></span>
    <span class="full">{{ text() }}</span>
    <span class="short" aria-hidden="true">{{ t(SHORT[freshness()]) }}</span>
  `,
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 7px;
      min-height: 28px;
      padding: 0 10px;
      border-radius: 14px;
      font-size: 0.8125rem;
      font-weight: 550;
      white-space: nowrap;
      color: var(--k-slow);
      background: var(--k-slow-soft);
      font-variant-numeric: tabular-nums;
    }
    :host([data-state='live']) {
      color: var(--k-ok);
      background: var(--k-ok-soft);
    }
    .dot {
      width: 8px;
      height: 8px;
      border-radius: 50%;
      border: 2px solid currentColor;
    }
    :host([data-state='live']) .dot {
      background: currentColor;
    }
    .short {
      display: none;
    }
    @media (max-width: 999px) {
      .short {
        display: inline;
      }
      .full {
        position: absolute;
        width: 1px;
        height: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
    }
  `,
})
export class ConnectionIndicator {
  readonly #feed = inject(StatusFeed);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly freshness = this.#feed.freshness;
  protected readonly SHORT = SHORT;
  protected readonly text = computed(() => {
    const asOf = this.#feed.asOf();
    if (this.freshness() === 'live') return this.t('connection.live');
    if (this.freshness() === 'connecting' || asOf === null) return this.t('connection.connecting');
    if (this.freshness() === 'store-down') return this.t('connection.storeDown');
    return this.t('connection.lost', { time: clockTime(asOf, this.#texts.locale()) });
  });
}
