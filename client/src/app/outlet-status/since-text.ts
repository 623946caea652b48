import { Component, computed, inject, input } from '@angular/core';
import { Clock } from '../core/clock';
import { duration, exactTime, timeOrDay } from '../core/formats';
import { Texts } from '../core/texts';

/** `sejak 07.36 (12 mnt)`, ticking; the exact instant on pointing at it. */
@Component({
  selector: 'app-since-text',
  template: `<time [attr.datetime]="iso()" [title]="exact()">{{ text() }}</time>`,
})
export class SinceText {
  /** In milliseconds since the epoch. */
  readonly instant = input.required<number>();
  readonly #now = inject(Clock).now;
  readonly #texts = inject(Texts);
  protected readonly iso = computed(() => new Date(this.instant()).toISOString());
  protected readonly exact = computed(() => exactTime(this.iso(), this.#texts.locale()));
  protected readonly text = computed(() => {
    const locale = this.#texts.locale();
    const time = timeOrDay(this.instant(), this.#now(), locale);
    return this.#texts.t('status.sinceTime', { time, length: duration(this.#now() - this.instant(), locale) });
  });
}
