import type { Estimate } from '@koneksi/contracts/blast-preview';
import { computed, inject, Service } from '@angular/core';
import { Clock } from '../../core/clock';
import { wholeNumber } from '../../core/formats';
import { Texts } from '../../core/texts';
import { BlastChart } from './blast-chart';
import { BlastTexts } from '../blast-texts';
import { BlastWatch } from '../blast-watch';
import { longDuration } from '../long-duration';
import { zonedTime } from '../../core/zoned-time';

/** When the watched blast will be done, and why then: as its chart was read last. */
@Service({ autoProvided: false })
export class ForecastOfBlast {
  readonly #timeline = inject(BlastChart).timeline;
  readonly #watch = inject(BlastWatch);
  readonly #texts = inject(Texts);
  readonly #b = inject(BlastTexts).b;
  readonly #minute = inject(Clock).minute;
  /** `null` while it is not known, and where nothing is left. */
  readonly text = computed(() => {
    const forecast = this.#timeline()?.forecast;
    const blast = this.#watch.blast();
    if (!forecast || blast?.status !== 'running' || blast.counts.queued === 0) return null;
    const timed = forecast.outlets.map(({ outletId, estimate }) => ({
      ...estimate,
      name: blast.outlets.find((outlet) => outlet.outletId === outletId)?.outletName ?? '',
    }));
    const waiting = timed.filter(({ finishesAt }) => finishesAt === null).map((each) => this.#waits(each));
    const last = timed.filter(isEnding).reduce<Ending | null>(later, null);
    if (!last) return waiting[0] ?? null;
    const locale = this.#texts.locale();
    const ends = zonedTime(last.finishesAt, last.zone, locale, this.#minute());
    const left = longDuration(Date.parse(last.finishesAt) - this.#minute(), locale);
    const { slowest } = last;
    const why = slowest
      ? this.#b(`preflight.slowest.${slowest.code}`, {
          outlet: last.name,
          perDay: wholeNumber(slowest.perDay ?? 0, locale),
          days: wholeNumber(slowest.days, locale),
        })
      : '';
    // One outlet that waits takes no end from all others.
    const apart = waiting.length > 0 ? this.#b('progress.butWaits', { count: waiting.length, first: waiting[0]! }) : '';
    return [this.#b('progress.ends', { ends, left }), why, apart].filter((said) => said !== '').join(' ');
  });

  #waits({ name, waitsFor }: Timed): string {
    return `${name}: ${this.#b(`review.waits.${waitsFor ?? 'ZERO_CAP'}`)}`;
  }
}

interface Timed extends Estimate {
  name: string;
}

type Ending = Timed & { finishesAt: string };

const isEnding = (timed: Timed): timed is Ending => timed.finishesAt !== null;

const later = (last: Ending | null, each: Ending): Ending =>
  last === null || Date.parse(each.finishesAt) > Date.parse(last.finishesAt) ? each : last;
