import { inject, Service } from '@angular/core';
import type { BlastPreview, Repeat } from '@koneksi/contracts/blast-preview';
import { Clock } from '../../core/clock';
import { relativeTime } from '../../core/formats';
import { Texts } from '../../core/texts';
import { BlastTexts } from '../blast-texts';
import { longDuration } from '../long-duration';
import { alarmsOf, spanOf, type Alarm, type Span } from './preflight';
import { saysWhen } from './says-when';

/** What must be seen before anything leaves, in words. */
export interface ToldAlarm {
  of: Alarm;
  text: string;
  /** Why it takes so long and what would be faster, where that is what alarms. */
  why: string | null;
}

/** The same words wherever a blast is looked at before it leaves. */
@Service()
export class PreflightTexts {
  readonly #texts = inject(Texts);
  readonly #clock = inject(Clock);
  readonly #b = inject(BlastTexts).b;

  alarms(preview: BlastPreview, message: string): ToldAlarm[] {
    const span = spanOf(preview);
    return alarmsOf(preview, message, span).map((alarm) => ({
      of: alarm,
      text: this.#alarm(alarm, preview, message, span),
      why: alarm === 'long' || alarm === 'says-when' ? this.why(span) : null,
    }));
  }

  /** Why it takes as long as it does, and what would be faster; `null` where it takes next to no time. */
  why(span: Span | null): string | null {
    if (!span?.slowest) return null;
    const { code, perDay, days, warmingUp, outletName } = span.slowest;
    const { number } = this.#texts;
    const why = this.#b(`preflight.slowest.${code}`, {
      outlet: outletName,
      perDay: number(perDay ?? 0),
      days: number(days),
    });
    return `${why} ${this.#b(warmingUp ? 'preflight.helps.warmingUp' : `preflight.helps.${code}`)}`;
  }

  /** From the first message to the last; `null` where there is no end. */
  takes(span: Span | null): string | null {
    if (!span || span.finishesAt === null) return null;
    return longDuration(span.finishesAt - span.startsAt, this.#texts.locale());
  }

  #alarm(alarm: Alarm, { repeat }: BlastPreview, message: string, span: Span | null): string {
    const duration = this.takes(span) ?? '';
    switch (alarm) {
      case 'repeat':
        return repeat ? this.#repeat(repeat) : '';
      case 'says-when':
        return this.#b('preflight.saysWhen', { words: saysWhen(message)?.words ?? '', duration });
      case 'long':
        return this.#b('preflight.long', { duration });
      case 'endless':
        return this.#b('review.waits.ZERO_CAP');
    }
  }

  #repeat({ people, waiting, of, blasts: [latest] }: Repeat): string {
    if (!latest) return '';
    const { number, locale } = this.#texts;
    const all = waiting === 0 ? 'preflight.repeat.sent' : 'preflight.repeat.waiting';
    const who = this.#b(waiting === 0 || waiting === people ? all : 'preflight.repeat.both', {
      count: number(people),
      sent: number(people - waiting),
      waiting: number(waiting),
      of: number(of),
    });
    const ago = relativeTime(latest.createdAt, this.#clock.instant(), locale());
    return `${who} ${this.#b('preflight.repeat.by', { by: latest.createdBy, ago })}`;
  }
}
