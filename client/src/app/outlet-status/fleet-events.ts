import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import { Clock } from '../core/clock';
import { followed, type FleetEvent } from './fleet-event';
import { StatusFeed } from '../live-status/status-feed';
import { StatusStore } from '../live-status/status-store';
import { Troubles } from '../live-status/troubles';

/** How long it is told that all is well again. */
const TOLD_FOR_MS = 15 * 60_000;

/** Follows what strikes most of the fleet at once, from its beginning until some time after its end. */
@Service()
export class FleetEvents {
  readonly #troubles = inject(Troubles);
  readonly #clock = inject(Clock);
  readonly #last = signal<FleetEvent | null>(null);

  readonly current = computed<FleetEvent | null>(() => {
    const last = this.#last();
    return last?.until && this.#clock.minute() - last.until > TOLD_FOR_MS ? null : last;
  });

  constructor() {
    const loaded = inject(StatusStore).loaded;
    const stale = inject(StatusFeed).stale;
    effect(() => {
      // What is no longer known to be true is neither over nor just begun.
      if (stale()) return;
      if (!loaded()) return this.#last.set(null);
      const troubles = this.#troubles.all();
      const fleet = this.#troubles.fleet();
      untracked(() => this.#last.set(followed(this.#last(), troubles, fleet, this.#clock.instant())));
    });
  }

  dismiss(): void {
    this.#last.set(null);
  }
}
