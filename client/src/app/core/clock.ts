import { computed, Service, signal } from '@angular/core';

/** Below this, a difference to the server is the network's delay and the whole seconds of its `Date` header. */
const TOLERATED_SKEW_MS = 2_000;

/** The one ticking clock: every relative time and countdown reads it. It keeps the server's time. */
@Service()
export class Clock {
  #skew = 0;
  readonly #now = signal(Date.now());
  /** Milliseconds since the epoch, once a second. */
  readonly now = this.#now.asReadonly();
  /** The same, once a minute, for what need not be drawn every second. */
  readonly minute = computed(() => Math.floor(this.#now() / 60_000) * 60_000);

  constructor() {
    setInterval(() => this.#tick(), 1_000);
    // Browsers throttle timers of hidden tabs; the first look afterwards must be right.
    document.addEventListener('visibilitychange', () => this.#tick());
  }

  /** This instant, between ticks. */
  instant(): number {
    return Date.now() + this.#skew;
  }

  /** Phones and shop computers run minutes wrong; the server's own time makes "12 s ago" true. */
  follow(serverTime: number): void {
    const skew = serverTime - Date.now();
    const corrected = Math.abs(skew) > TOLERATED_SKEW_MS ? skew : 0;
    if (Math.abs(corrected - this.#skew) <= TOLERATED_SKEW_MS) return;
    this.#skew = corrected;
    this.#tick();
  }

  #tick(): void {
    this.#now.set(this.instant());
  }
}
