import { Component, DestroyRef, DOCUMENT, inject, input, signal } from '@angular/core';
import { Router } from '@angular/router';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';

/** Before it is tried again by itself, from one to the next. Milliseconds. */
const PAUSES = [2_000, 4_000, 8_000, 15_000, 30_000];

/**
 * Where no server answers whoever opens a page. No status is kept to be shown in its place: it says so, and goes on to the
 * page once there is an answer. It comes with the first file, since nothing more can be fetched.
 */
@Component({
  selector: 'app-offline-page',
  template: `
    <img src="favicon.svg" alt="" width="40" height="40" />
    <h1 tabindex="-1">{{ t('offline.title') }}</h1>
    <p>{{ t('offline.body') }}</p>
    <button type="button" [disabled]="busy()" (click)="retry()" data-testid="offline-retry">
      {{ t(busy() ? 'offline.trying' : 'common.retry') }}
    </button>
    <p class="muted" role="status">{{ t('offline.goesOn') }}</p>
  `,
  styles: `
    button {
      min-height: 44px;
      padding-inline: 24px;
      border: 0;
      border-radius: 22px;
      background: var(--k-accent);
      color: var(--k-on-accent);
      font: inherit;
      font-weight: 550;
      cursor: pointer;
    }
    button:disabled {
      opacity: 0.7;
    }
  `,
  styleUrl: './message-page.css',
  host: { 'data-testid': 'offline' },
})
export class OfflinePage {
  /** Which page was asked for; bound from the address. */
  readonly returnUrl = input<string>();

  readonly #auth = inject(AuthStore);
  readonly #router = inject(Router);
  protected readonly t = inject(Texts).t;
  protected readonly busy = signal(false);
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const document = inject(DOCUMENT);
    const retry = (): void => void this.retry();
    const seen = (): void => (document.visibilityState === 'visible' ? retry() : undefined);
    document.defaultView?.addEventListener('online', retry);
    document.addEventListener('visibilitychange', seen);
    inject(DestroyRef).onDestroy(() => {
      clearTimeout(this.#timer);
      document.defaultView?.removeEventListener('online', retry);
      document.removeEventListener('visibilitychange', seen);
    });
    this.#wait();
  }

  protected async retry(): Promise<void> {
    if (this.busy()) return;
    clearTimeout(this.#timer);
    this.busy.set(true);
    const renewal = await this.#auth.restore();
    this.busy.set(false);
    if (renewal === 'unreachable') this.#wait();
    // Whoever has no session any more is led to where it begins.
    else await this.#router.navigateByUrl(this.returnUrl() ?? '/');
  }

  #wait(): void {
    const pause = PAUSES[Math.min(this.#tries++, PAUSES.length - 1)];
    this.#timer = setTimeout(() => void this.retry(), pause);
  }
}
