import { Component, computed, inject } from '@angular/core';
import { ERROR_TEXTS } from '@koneksi/contracts/error-texts';
import { clockTime } from '../core/formats';
import { RealtimeSocket } from '../core/realtime-socket';
import { Texts } from '../core/texts';
import { StatusFeed } from './status-feed';

/** The line under a page's heading: says as of when the page is true, in a place that is always taken. */
@Component({
  selector: 'app-freshness-line',
  host: { '[class.stale]': 'stale()' },
  template: `
    <span [title]="text()">{{ text() }}</span>
    @if (freshness() === 'lost') {
      <button type="button" (click)="reconnectNow()">{{ t('connection.reconnectNow') }}</button>
    }
  `,
  styles: `
    :host {
      display: flex;
      gap: 6px;
      min-height: 1.45em;
      color: var(--k-muted);
    }
    :host(.stale) {
      color: var(--k-slow);
      font-weight: 550;
    }
    button {
      border: 0;
      padding: 0;
      background: none;
      color: var(--k-accent);
      font-weight: 550;
      text-decoration: underline;
      cursor: pointer;
    }
  `,
})
export class FreshnessLine {
  readonly #feed = inject(StatusFeed);
  readonly #socket = inject(RealtimeSocket);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly freshness = this.#feed.freshness;
  protected readonly stale = this.#feed.stale;
  protected readonly text = computed(() => {
    const asOf = this.#feed.asOf();
    if (this.#socket.crowded()) return ERROR_TEXTS.TOO_MANY_CONNECTIONS[this.#texts.locale()];
    if (this.freshness() === 'live') return this.t('connection.liveHint');
    if (this.freshness() === 'connecting' || asOf === null) return this.t('connection.connectingHint');
    const hint = this.freshness() === 'store-down' ? 'connection.storeDownHint' : 'connection.lostHint';
    return this.t(hint, { time: clockTime(asOf, this.#texts.locale()) });
  });

  protected reconnectNow(): void {
    this.#feed.reconnectNow();
  }
}
