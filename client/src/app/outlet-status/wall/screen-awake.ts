import { DestroyRef, DOCUMENT, inject, Service } from '@angular/core';

/** Keeps the screen on for as long as the page that provides it is shown, where the browser can. */
@Service({ autoProvided: false })
export class ScreenAwake {
  readonly #document = inject(DOCUMENT);
  #lock: WakeLockSentinel | null = null;

  constructor() {
    // The browser lets go of it whenever the page is hidden.
    const ask = () => void this.#ask();
    this.#document.addEventListener('visibilitychange', ask);
    inject(DestroyRef).onDestroy(() => {
      this.#document.removeEventListener('visibilitychange', ask);
      void this.#lock?.release();
    });
    ask();
  }

  async #ask(): Promise<void> {
    if (this.#document.visibilityState !== 'visible') return;
    const { navigator } = this.#document.defaultView!;
    // A machine on its last battery may refuse; the wall is shown all the same.
    this.#lock = 'wakeLock' in navigator ? await navigator.wakeLock.request('screen').catch(() => null) : null;
  }
}
