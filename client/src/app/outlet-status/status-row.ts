import { Component, computed, DestroyRef, effect, inject, input, output, signal, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Clock } from '../core/clock';
import { relativeTime } from '../core/formats';
import { Texts } from '../core/texts';
import { phoneText } from '../ui/phone-text';
import { RelativeTime } from '../ui/relative-time';
import { explain } from './explanation';
import { HealthBadge } from './health-badge';
import { nextStep } from './next-step';
import { StatusBadge } from './status-badge';
import { StatusStore, type StatusRow } from './status-store';
import { TimelineStore } from './timeline-store';
import { TimeStrip } from './time-strip';

const HIGHLIGHT_MS = 2_500;

@Component({
  // A table row needs a real <tr>, which only an attribute can be.

  selector: 'tr[app-status-row]',
  imports: [HealthBadge, MatButton, RelativeTime, StatusBadge, TimeStrip],
  host: {
    role: 'row',
    'data-testid': 'status-row',
    '[attr.data-outlet-id]': 'row().id',
    '[class.changed]': 'highlighted()',
    '[class.problem]': '!status().healthy',
    '(click)': 'clicked($event)',
  },
  templateUrl: './status-row.html',
  styleUrl: './status-row.css',
})
export class StatusRowView {
  readonly row = input.required<StatusRow>();
  readonly showOutlet = output();
  readonly connectOutlet = output();
  readonly resumeOutlet = output();

  readonly #texts = inject(Texts);
  readonly #now = inject(Clock).now;
  protected readonly t = this.#texts.t;

  protected readonly status = computed(() => this.row().status);
  protected readonly place = computed(() => {
    const { whatsappNumber, city } = this.status().outlet;
    return [phoneText(whatsappNumber), city].filter(Boolean).join(' · ');
  });
  readonly #timelines = inject(TimelineStore);
  protected readonly spans = computed(() => this.#timelines.of(this.row().id));
  protected readonly device = computed(() => this.status().session.sessionName ?? this.status().liveStatus.name);
  protected readonly mismatch = computed(() => this.status().session.status !== this.status().liveStatus.status);
  protected readonly step = computed(() => nextStep(this.status()));

  /** Linking alone would not help: something must be done with WhatsApp before. */
  protected readonly firstElsewhere = computed(() => this.status().reason?.code === 'BLOCKED');

  protected readonly explanation = computed(() => explain(this.status(), this.#texts));

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
