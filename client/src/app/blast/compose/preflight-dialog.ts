import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { SKIP_REASONS, type SkipReason } from '@koneksi/contracts/blast-states';
import type { BlastPreview, OutletPreview } from '@koneksi/contracts/blast-preview';
import { Clock } from '../../core/clock';
import { wholeNumber } from '../../core/formats';
import { Texts } from '../../core/texts';
import { limitsText } from '../../live-status/limits-text';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';
import { ChatBubble } from '../chat-bubble';
import { spanOf } from './preflight';
import { PreflightTexts } from './preflight-texts';
import { PreviewWarnings } from './preview-warnings';
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
  readonly #told = inject(PreflightTexts);
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
  protected readonly alarms = computed(() => this.#told.alarms(this.preview, this.draft.fields.message.value()));
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
    const duration = this.#told.takes(span) ?? '';
    return this.b('preflight.when', { starts: time(startsAt), ends: time(finishesAt), duration });
  });
  /** Where no alarm says so. */
  protected readonly why = computed(() =>
    this.alarms().some(({ why }) => why !== null) ? null : this.#told.why(this.#span),
  );
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
