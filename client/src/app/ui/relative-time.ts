import { Component, computed, inject, input } from '@angular/core';
import { Clock } from '../core/clock';
import { exactTime, relativeTime } from '../core/formats';
import { Texts } from '../core/texts';

/** `12 dtk lalu`, ticking; the exact instant on pointing at it. */
@Component({
  selector: 'app-relative-time',
  template: `<time [attr.datetime]="instant()" [title]="exact()">{{ text() }}</time>`,
})
export class RelativeTime {
  readonly instant = input.required<string>();
  readonly #now = inject(Clock).now;
  readonly #locale = inject(Texts).locale;
  protected readonly exact = computed(() => exactTime(this.instant(), this.#locale()));
  /**
   * What happened did not happen in the future, whatever this machine's clock says. Computed, so that a tick that
   * leaves the words alone renders nothing.
   */
  protected readonly text = computed(() =>
    relativeTime(this.instant(), Math.max(this.#now(), Date.parse(this.instant())), this.#locale()),
  );
}
