import { Component, computed, DestroyRef, effect, inject, input, output, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { kindOf } from '@koneksi/contracts/outlet-kind';
import { Clock } from '../core/clock';
import { relativeTime, timeOrDay } from '../core/formats';
import { Texts } from '../core/texts';
import { phoneText } from '../ui/phone-text';
import { RelativeTime } from '../ui/relative-time';
import { explain } from '../live-status/explanation';
import { helpsFirstElsewhere, nextStep } from '../live-status/next-step';
import { limitsText } from '../live-status/limits-text';
import { sinceOf } from '../live-status/since';
import { SinceText } from './since-text';
import { StateBadge } from '../live-status/state-badge';
import { StatusBadge } from '../live-status/status-badge';
import type { Column } from './status-columns';
import { StatusStore, type StatusRow } from '../live-status/status-store';
import { TimelineStore } from '../live-status/timeline-store';
import { TimeStrip } from '../live-status/time-strip';

const HIGHLIGHT_MS = 2_500;

@Component({
  // A table row needs a real <tr>, which only an attribute can be.

  selector: 'tr[app-status-row]',
  imports: [MatButton, RelativeTime, SinceText, StateBadge, StatusBadge, TimeStrip],
  host: {
    role: 'row',
    'data-testid': 'status-row',
    '[attr.data-outlet-id]': 'row().id',
    '[class.changed]': 'highlighted()',
    '[class.problem]': "kind() === 'problem'",
    '[attr.data-kind]': 'kind()',
    '(click)': 'clicked($event)',
  },
  templateUrl: './status-row.html',
  styleUrl: './status-row.css',
})
export class StatusRowView {
  readonly row = input.required<StatusRow>();
  readonly columns = input.required<readonly Pick<Column, 'name'>[]>();
  /** Drawn as a card, which has no columns of its own for where the outlet is. */
  readonly card = input(false);
  readonly showOutlet = output();
  readonly connectOutlet = output();
  readonly resumeOutlet = output();

  readonly #texts = inject(Texts);
  readonly #now = inject(Clock).now;
  protected readonly t = this.#texts.t;

  protected readonly status = computed(() => this.row().status);
  protected readonly phone = computed(() => phoneText(this.status().outlet.whatsappNumber));
  protected readonly tags = computed(() => this.status().outlet.tags.join(', '));
  protected readonly place = computed(() => [this.phone(), this.status().outlet.city].filter(Boolean).join(' · '));
  protected readonly title = computed(() =>
    [this.status().outlet.name, this.place(), this.tags()].filter(Boolean).join('\n'),
  );
  readonly #timelines = inject(TimelineStore);
  protected readonly spans = computed(() => this.#timelines.of(this.row().id));
  protected readonly unstable = computed(() => this.#timelines.reliability(this.row().id).isUnstable);
  protected readonly kind = computed(() => kindOf(this.status(), this.unstable()));
  protected readonly since = computed(() => sinceOf(this.status(), this.spans()));
  protected readonly device = computed(() => this.status().session.sessionName ?? this.status().liveStatus.name);
  protected readonly mismatch = computed(() => this.status().session.status !== this.status().liveStatus.status);
  /** Heard by everyone, seen where it is not what the state says already. */
  protected readonly databaseText = computed(() => {
    const status = this.t(`statusName.${this.status().session.status}`);
    return this.t('status.databaseSays', { status });
  });
  protected readonly step = computed(() => nextStep(this.status()));

  /** Linking alone would not help: something must be done with WhatsApp before. */
  protected readonly firstElsewhere = computed(() => helpsFirstElsewhere(this.status().reason));

  protected readonly explanation = computed(() => explain(this.status(), this.#texts));

  readonly #minute = inject(Clock).minute;
  protected readonly limits = computed(() =>
    limitsText(this.status().limits, this.#texts, (iso) =>
      timeOrDay(Date.parse(iso), this.#minute(), this.#texts.locale()),
    ),
  );

  /** Who may start no new chats is ready for some alone: that is what there is to say. */
  protected readonly saysLimitsAlone = computed(() => {
    const { healthy, limits, warnings } = this.status();
    return healthy && warnings.length === 0 && limits !== null && limits.newChats !== 'open';
  });

  /** All of it, where the line is too short for it. */
  protected readonly fullNote = computed(() => {
    const { message, action } = this.explanation();
    return [message, this.limits(), action, this.retries()].filter(Boolean).join(' ');
  });

  protected readonly retries = computed(() => {
    const { session, nextRetryAt } = this.status();
    if (!nextRetryAt) return session.retryCount ? this.t('status.retryCount', { count: session.retryCount }) : '';
    const due = Date.parse(nextRetryAt) <= this.#now();
    const count = session.retryCount;
    if (due) return count ? this.t('status.retrying', { count }) : this.t('status.firstRetrying');
    const time = relativeTime(nextRetryAt, this.#now(), this.#texts.locale());
    return count ? this.t('status.nextRetry', { count, time }) : this.t('status.firstRetry', { time });
  });

  readonly #highlighted = signal(false);
  protected readonly highlighted = this.#highlighted.asReadonly();

  constructor() {
    const store = inject(StatusStore);
    let shown: number | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    effect(() => {
      const row = this.row();
      // A row that filters bring back changed in the past; one that is new changed right now.
      const news = shown === null ? untracked(store.latest) === row : row.changes > shown;
      shown = row.changes;
      if (!news) return;
      clearTimeout(timer);
      this.#highlighted.set(true);
      timer = setTimeout(() => this.#highlighted.set(false), HIGHLIGHT_MS);
    });
    inject(DestroyRef).onDestroy(() => clearTimeout(timer));
  }

  protected open(event: Event): void {
    event.stopPropagation();
    this.showOutlet.emit();
  }

  /** All of the row opens its sheet for a pointer; its name is the button for everyone else. */
  protected clicked({ target }: Event): void {
    if ((target as Element).closest('button, a') || getSelection()?.toString()) return;
    this.showOutlet.emit();
  }
}
