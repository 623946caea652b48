import { Component, computed, effect, inject, input, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import {
  RECIPIENT_STATUSES,
  SKIP_REASONS,
  type RecipientStatus,
  type SkipReason,
} from '@koneksi/contracts/blast-states';
import { renderMessage, variablesOf } from '@koneksi/contracts/blast-template';
import { withWayOut } from '@koneksi/contracts/way-out';
import { ERROR_TEXTS } from '@koneksi/contracts/error-texts';
import { Clock } from '../../core/clock';
import { percent, wholeNumber } from '../../core/formats';
import { Texts } from '../../core/texts';
import { FreshnessLine } from '../../live-status/freshness-line';
import { EmptyState } from '../../ui/lists/empty-state';
import { Icon } from '../../ui/icon';
import { SkeletonRows } from '../../ui/lists/skeleton-rows';
import { BlastActions } from '../blast-actions';
import { BlastChart } from './blast-chart';
import { ForecastOfBlast } from './blast-forecast';
import { BlastPicture } from './blast-picture';
import { BlastState } from '../blast-state';
import { BlastUndo } from './blast-undo';
import { BlastTexts } from '../blast-texts';
import { blastTitle } from '../blast-title';
import { commonZone, dateTimeIn, localDate, zonedTime } from '../../core/zoned-time';
import { maySendAgain } from './may-send-again';
import { FollowUpChoice } from './follow-up';
import { BlastVerbs } from './blast-verbs';
import { BlastWatch } from '../blast-watch';
import { ChatBubble } from '../chat-bubble';
import { CountsBar } from '../counts-bar';
import { holdText } from '../hold-text';
import { RecipientBadge } from './recipient-badge';
import { RecipientList } from './recipient-list';
import { RecipientTable } from './recipient-table';
import { markFilled } from '../whatsapp-format';
import { TimelineChart } from './timeline-chart';
import { UNCERTAIN_ANSWERS } from './uncertain-answers';

/** A blast as it goes, and what came of it. */
@Component({
  selector: 'app-progress-page',
  imports: [
    BlastState,
    BlastUndo,
    BlastVerbs,
    ChatBubble,
    CountsBar,
    EmptyState,
    FollowUpChoice,
    FreshnessLine,
    Icon,
    MatButton,
    RecipientBadge,
    RecipientTable,
    RouterLink,
    SkeletonRows,
    TimelineChart,
  ],
  providers: [BlastWatch, BlastActions, BlastChart, BlastPicture, ForecastOfBlast, RecipientList],
  templateUrl: './progress-page.html',
  styleUrl: './progress-page.css',
})
export class ProgressPage {
  /** From the address. */
  readonly id = input.required<string>();
  readonly #watch = inject(BlastWatch);
  readonly #texts = inject(Texts);
  readonly #minute = inject(Clock).minute;
  protected readonly list = inject(RecipientList);
  protected readonly actions = inject(BlastActions);
  protected readonly picture = inject(BlastPicture).url;
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  protected readonly b = inject(BlastTexts).b;

  protected readonly blast = this.#watch.blast;
  protected readonly refusal = computed(() => {
    const code = this.#watch.refusal();
    return code === null ? null : (ERROR_TEXTS[code] ?? ERROR_TEXTS.INTERNAL)[this.#texts.locale()];
  });
  protected readonly forecast = inject(ForecastOfBlast).text;
  protected readonly timeline = inject(BlastChart).timeline;
  protected readonly statuses = RECIPIENT_STATUSES;

  protected readonly title = computed(() => {
    const blast = this.blast();
    return blast ? blastTitle(blast, this.#texts.locale()) : this.b('progress.title');
  });
  /** As one recipient might read it. */
  protected readonly message = computed(() => {
    const { message = '', outlets = [], wayOut } = this.blast() ?? {};
    const values: Record<string, string> = {
      nama: markFilled(this.b('bubble.exampleName')),
      outlet: markFilled(outlets[0]?.outletName ?? this.b('bubble.anOutlet')),
    };
    for (const field of variablesOf(message)) values[field] ??= markFilled(field);
    return withWayOut(renderMessage(message, values), wayOut?.line ?? null);
  });
  protected readonly withoutWayOut = computed(() => this.blast()?.wayOut?.reason ?? null);
  /** How many need no more attention; of one that was canceled, how many were sent before. */
  protected readonly done = computed(() => {
    const blast = this.blast();
    // Those left out from the start are no progress of a blast that has not begun.
    if (!blast?.recipients || blast.status === 'scheduled') return '';
    const { counts, recipients } = blast;
    if (blast.status === 'canceled')
      return this.b('list.reached', {
        sent: this.number(counts.sent + counts.delivered + counts.read),
        all: this.number(recipients),
      });
    const share = percent(1 - (counts.queued + counts.sending) / recipients, this.#texts.locale());
    return this.b('progress.done', { share });
  });
  protected readonly outlets = computed(() =>
    (this.blast()?.outlets ?? []).map((outlet) => {
      const { counts } = outlet;
      const all = RECIPIENT_STATUSES.reduce((sum, status) => sum + counts[status], 0);
      return {
        ...outlet,
        sum: `${this.number(counts.sent + counts.delivered + counts.read)} / ${this.number(all)}`,
        holdText:
          outlet.hold && this.#isOpen()
            ? holdText(outlet.hold, outlet.zone, this.#texts.locale(), this.#minute())
            : null,
      };
    }),
  );
  protected readonly zone = computed(() => commonZone((this.blast()?.outlets ?? []).map(({ zone }) => zone)));
  /** When the first outlet began, as its own phone shows it. */
  protected readonly startedAt = computed(() => {
    const { startedAt = null, outlets = [] } = this.blast() ?? {};
    const zone = outlets[0]?.zone;
    return startedAt && zone ? zonedTime(startedAt, zone, this.#texts.locale(), this.#minute()) : null;
  });
  readonly #isOpen = computed(() => !['finished', 'canceled'].includes(this.blast()?.status ?? ''));
  protected readonly mayResend = computed(() => {
    const blast = this.blast();
    return blast !== null && maySendAgain(blast);
  });
  /** What a person may say of the uncertain ones; what was canceled or purged is not sent again. */
  protected readonly answers = computed(() =>
    this.mayResend() ? UNCERTAIN_ANSWERS : UNCERTAIN_ANSWERS.filter(({ as }) => as !== 'resend'),
  );
  /** An instant as every time here; a time of day as each outlet's own clock shows it. */
  protected readonly scheduled = computed(() => {
    const at = this.blast()?.scheduledAt ?? '';
    return /Z$|[+-]\d\d:\d\d$/.test(at)
      ? this.exact(at)
      : this.b('progress.localTime', { time: localDate(at, this.#texts.locale()) });
  });
  /** When it is over, whatever is left; as it was given. */
  protected readonly endsAt = computed(() => {
    const at = this.blast()?.notAfter ?? '';
    return /Z$|[+-]\d\d:\d\d$/.test(at) ? this.exact(at) : localDate(at, this.#texts.locale());
  });
  protected readonly dropped = computed(() => {
    const skipped = this.blast()?.skippedAtStart ?? {};
    const locale = this.#texts.locale();
    return (Object.keys(skipped) as SkipReason[]).map(
      (reason) => `${SKIP_REASONS[reason][locale]}: ${wholeNumber(skipped[reason] ?? 0, locale)}`,
    );
  });

  constructor() {
    effect(() => {
      const id = this.id();
      untracked(() => this.#watch.follow(id));
    });
  }

  protected exact(iso: string): string {
    return dateTimeIn(this.zone(), iso, this.#texts.locale());
  }

  protected show(status: RecipientStatus | 'replied'): void {
    this.list.status.update((shown) => (shown === status ? '' : status));
  }
}
