import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { SKIP_REASONS, type SkipReason } from '@koneksi/contracts/blast-states';
import type { BlastPreview, OutletPreview } from '@koneksi/contracts/blast-preview';
import { Clock } from '../../core/clock';
import { relativeTime, wholeNumber } from '../../core/formats';
import { Texts } from '../../core/texts';
import { limitsText } from '../../live-status/limits-text';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';
import { ChatBubble } from '../chat-bubble';
import { longDuration } from '../long-duration';
import { alarmsOf, spanOf } from './preflight';
import { PreviewWarnings } from './preview-warnings';
import { saysWhen } from './says-when';
import { withUnsureWords } from './unsure-words';
import { zonedTime } from '../../core/zoned-time';

/** From so many people on, how many they are is typed. */
const TYPED_ABOVE = 100;

/** What a person agreed to. */
export interface Agreed {
  repeatAcknowledged: boolean;
  unknownTagsAcknowledged: boolean;
}

/** Everything about a blast once more, before it leaves: closes with what was agreed to, or nothing. */
@Component({
  selector: 'app-preflight-dialog',
  imports: [ChatBubble, MatButton, MatDialogModule, PreviewWarnings],
  templateUrl: './preflight-dialog.html',
  styleUrl: './preflight-dialog.css',
})
export class PreflightDialog {
  readonly #dialog = inject<MatDialogRef<PreflightDialog, Agreed>>(MatDialogRef);
  readonly #texts = inject(Texts);
  readonly #minute = inject(Clock).minute;
  readonly #opened = inject(Clock).instant();
  protected readonly b = inject(BlastTexts).b;
  protected readonly t = this.#texts.t;
  protected readonly draft = inject(BlastDraft);
  protected readonly preview = inject<BlastPreview>(MAT_DIALOG_DATA);
  protected readonly typed = signal('');
  protected readonly again = signal(false);
  protected readonly tagsMeant = signal(false);

  protected readonly count = computed(() => this.#texts.number(this.preview.recipients));
  protected readonly asksNumber = this.preview.recipients > TYPED_ABOVE;
  protected readonly title = computed(() =>
    this.b(this.draft.later() ? 'preflight.titleLater' : 'preflight.title', { count: this.count() }),
  );
  readonly #span = spanOf(this.preview);
  protected readonly alarms = computed(() =>
    alarmsOf(this.preview, this.draft.fields.message.value(), this.#span).map((alarm) => ({
      alarm,
      text: this.#alarmText(alarm),
    })),
  );
  protected readonly wayOut = computed(() => {
    const { how, line, reason } = this.preview.wayOut;
    const told =
      how === 'OFF'
        ? this.b('wayOut.dropped', { reason: reason ?? '' })
        : this.b(`wayOut.${how}`, { line: line ?? '' });
    return withUnsureWords(told, this.preview.wayOut, this.b);
  });
  protected readonly repeats = computed(() => this.preview.repeat !== null);
  protected readonly when = computed(() => {
    const span = this.#span;
    if (!span) return null;
    const { startsAt, finishesAt, zone } = span;
    const time = (at: number): string =>
      zonedTime(new Date(at).toISOString(), zone, this.#texts.locale(), this.#minute());
    if (finishesAt === null) return this.b('preflight.never', { starts: time(startsAt) });
    const takes = longDuration(finishesAt - startsAt, this.#texts.locale());
    return this.b('preflight.when', { starts: time(startsAt), ends: time(finishesAt), duration: takes });
  });
  protected readonly why = computed(() => this.#why());
  protected readonly skipped = computed(() => {
    const locale = this.#texts.locale();
    return (Object.keys(SKIP_REASONS) as SkipReason[]).flatMap((reason) => {
      const count = this.preview.skipped[reason];
      return count ? [`${SKIP_REASONS[reason][locale]}: ${wholeNumber(count, locale)}`] : [];
    });
  });
  protected readonly missing = computed(() =>
    this.preview.missing.map(({ variable, count }) =>
      this.b('preflight.missing', { variable: `{{${variable}}}`, count: this.#texts.number(count) }),
    ),
  );
  protected readonly restricted = computed(() =>
    this.preview.outlets.filter(isRestricted(this.#minute())).map(({ outletName }) => outletName),
  );
  /** Only where it matters to this blast: known chats go on in any case. */
  protected readonly limited = computed(() =>
    this.preview.outlets.flatMap(({ outletName, limits, newChats, estimate }) => {
      const time = (iso: string): string =>
        zonedTime(iso, estimate?.zone ?? 'Asia/Jakarta', this.#texts.locale(), this.#minute());
      const text = newChats > 0 ? limitsText(limits, this.#texts, time) : null;
      return text === null ? [] : [`${outletName}: ${text}`];
    }),
  );
  protected readonly unready = computed(() =>
    this.preview.outlets.filter(({ healthy }) => !healthy).map(({ outletName }) => outletName),
  );
  protected readonly shown = computed(() => {
    const { worst, outlets } = this.preview;
    if (worst) return { ...worst, isWorst: true };
    const outlet = outlets.find(({ sample }) => sample !== null);
    return outlet?.sample ? { ...outlet.sample, outletName: outlet.outletName, isWorst: false } : null;
  });
  protected readonly mayGo = computed(
    () =>
      (!this.asksNumber || this.#digits(this.typed()) === String(this.preview.recipients)) &&
      (!this.repeats() || this.again()) &&
      (this.preview.unknownTags.length === 0 || this.tagsMeant()),
  );

  protected agree(): void {
    if (this.mayGo())
      this.#dialog.close({ repeatAcknowledged: this.again(), unknownTagsAcknowledged: this.tagsMeant() });
  }

  #alarmText(alarm: ReturnType<typeof alarmsOf>[number]): string {
    const ends = this.#span?.finishesAt ?? null;
    const takes = ends === null ? '' : longDuration(ends - (this.#span?.startsAt ?? ends), this.#texts.locale());
    switch (alarm) {
      case 'repeat':
        return this.#repeatText();
      case 'says-when':
        return this.b('preflight.saysWhen', {
          words: saysWhen(this.draft.fields.message.value())?.words ?? '',
          duration: takes,
        });
      case 'long':
        return this.b('preflight.long', { duration: takes });
      case 'endless':
        return this.b('review.waits.ZERO_CAP');
    }
  }

  #repeatText(): string {
    const { repeat } = this.preview;
    const latest = repeat?.blasts[0];
    if (!repeat || !latest) return '';
    return this.b('preflight.repeat', {
      people: this.#texts.number(repeat.people),
      of: this.#texts.number(repeat.of),
      ago: relativeTime(latest.createdAt, this.#opened, this.#texts.locale()),
      by: latest.createdBy,
    });
  }

  #why(): string | null {
    const slowest = this.#span?.slowest;
    if (!slowest) return null;
    const { code, perDay, days, warmingUp, outletName } = slowest;
    const params = { outlet: outletName, perDay: this.#texts.number(perDay ?? 0), days: this.#texts.number(days) };
    const why = this.b(`preflight.slowest.${code}`, params);
    const help = this.b(warmingUp ? 'preflight.helps.warmingUp' : `preflight.helps.${code}`);
    return `${why} ${help}`;
  }

  /** `1.200`, `1,200` and `1 200` are one number. */
  #digits(typed: string): string {
    return typed.replace(/[\s.,]/g, '');
  }
}

const isRestricted =
  (now: number) =>
  ({ restrictedUntil, limits, newChats }: OutletPreview): boolean =>
    // Said below, with the time.
    (limits?.newChats !== 'locked' || newChats === 0) && restrictedUntil !== null && Date.parse(restrictedUntil) > now;
