import { Component, computed, inject, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { kindOf } from '@koneksi/contracts/outlet-kind';
import { technicalDetail } from '@koneksi/contracts/reason-catalogue';
import type { HealthCriteria, StatusHistoryEntry } from '@koneksi/contracts/outlet-status-schema';
import { AuthStore } from '../core/auth-store';
import { Clock } from '../core/clock';
import { FaultSentence } from '../core/fault-sentence';
import { countdown, timeOrDay } from '../core/formats';
import { Texts } from '../core/texts';
import { ConnectOpener } from '../outlets/linking/connect-opener';
import { OutletActions } from '../outlets/outlet-actions';
import { Icon } from '../ui/icon';
import { phoneText } from '../ui/phone-text';
import { RelativeTime } from '../ui/relative-time';
import { SkeletonRows } from '../ui/lists/skeleton-rows';
import { explain, otherWarnings } from '../live-status/explanation';
import { FreshnessLine } from '../live-status/freshness-line';
import { limitsText } from '../live-status/limits-text';
import { LinkViewers } from './link-viewers';
import { nextStep } from '../live-status/next-step';
import { OutletHistory } from './outlet-history';
import { reasonText } from '../live-status/reason-text';
import { StateBadge } from '../live-status/state-badge';
import { StatusBadge } from '../live-status/status-badge';
import { StatusFeed } from '../live-status/status-feed';
import { StatusSign } from '../live-status/status-sign';
import { StatusStore } from '../live-status/status-store';
import { TimeStrip } from '../live-status/time-strip';
import { TimelineStore } from '../live-status/timeline-store';

const CRITERIA: readonly (keyof HealthCriteria)[] = [
  'databaseConnected',
  'liveConnected',
  'websocketOpen',
  'userPresent',
  'autoReconnect',
];

/** Everything about one outlet, at the side of the page it was opened from. */
@Component({
  selector: 'app-outlet-sheet',
  imports: [
    FreshnessLine,
    Icon,
    LinkViewers,
    MatButton,
    MatDialogModule,
    MatIconButton,
    RelativeTime,
    SkeletonRows,
    StateBadge,
    StatusBadge,
    StatusSign,
    TimeStrip,
  ],
  providers: [OutletHistory],
  host: { '[class.stale]': 'stale()', 'data-testid': 'outlet-sheet' },
  templateUrl: './outlet-sheet.html',
  styleUrl: './outlet-sheet.css',
})
export class OutletSheet {
  protected readonly outletId = inject<string>(MAT_DIALOG_DATA);
  readonly #sheet = inject<MatDialogRef<OutletSheet>>(MatDialogRef);
  readonly #router = inject(Router);
  readonly #store = inject(StatusStore);
  readonly #timelines = inject(TimelineStore);
  readonly #texts = inject(Texts);
  readonly #now = inject(Clock).now;
  readonly #minute = inject(Clock).minute;
  readonly #connectOpener = inject(ConnectOpener);
  protected readonly actions = inject(OutletActions);
  protected readonly history = inject(OutletHistory);
  protected readonly sentence = inject(FaultSentence);
  protected readonly t = this.#texts.t;
  protected readonly stale = inject(StatusFeed).stale;
  protected readonly managesOutlets = inject(AuthStore).managesOutlets;

  /** Its name is still known once it is gone. */
  readonly #lastName = this.#store.row(this.outletId)?.status.outlet.name;
  protected readonly status = computed(() => this.#store.row(this.outletId)?.status);
  protected readonly kind = computed(() => {
    const status = this.status();
    return status && kindOf(status, false);
  });
  protected readonly name = computed(() => this.status()?.outlet.name ?? this.#lastName ?? this.t('connect.goneTitle'));
  protected readonly place = computed(() => {
    const outlet = this.status()?.outlet;
    return outlet ? [phoneText(outlet.whatsappNumber), outlet.city, ...outlet.tags].filter(Boolean).join(' · ') : '';
  });
  protected readonly explanation = computed(() => {
    const status = this.status();
    return status && explain(status, this.#texts);
  });
  protected readonly warnings = computed(() => {
    const status = this.status();
    return status ? otherWarnings(status, this.#texts) : [];
  });
  /** For those who look after the system; staff of an outlet can do nothing with it. */
  protected readonly technical = computed(() => {
    const reason = this.status()?.reason;
    return reason && this.managesOutlets() ? technicalDetail(reason.params) : null;
  });
  protected readonly step = computed(() => {
    const status = this.status();
    return status ? nextStep(status) : null;
  });
  protected readonly mismatch = computed(() => {
    const status = this.status();
    return status && status.session.status !== status.liveStatus.status;
  });
  protected readonly criteria = computed(() => {
    const met = this.status()?.criteria;
    return met
      ? CRITERIA.map((name) => ({
          name,
          met: met[name],
          words: this.t(met[name] ? `sheet.met.${name}` : `status.criteria.${name}`),
        }))
      : [];
  });
  protected readonly limits = computed(() => {
    const limits = this.status()?.limits ?? null;
    const text = limitsText(limits, this.#texts, (iso) =>
      timeOrDay(Date.parse(iso), this.#minute(), this.#texts.locale()),
    );
    return text ?? this.t(limits ? 'limits.open' : 'limits.unknown');
  });
  protected readonly nextTry = computed(() => {
    const at = this.status()?.nextRetryAt;
    if (!at) return null;
    const left = Date.parse(at) - this.#now();
    return left > 0
      ? this.t('sheet.nextTry', { time: countdown(left, this.#texts.locale()) })
      : this.t('sheet.tryingNow');
  });
  protected readonly spans = computed(() => this.#timelines.of(this.outletId));
  protected readonly loadingMore = signal(false);

  constructor() {
    this.#timelines.want();
    this.history.follow(this.outletId);
  }

  protected nameOf({ status }: StatusHistoryEntry): string {
    return this.t(`statusName.${status}`);
  }

  protected wordsOf({ reason }: StatusHistoryEntry): string {
    return reason ? reasonText(reason, this.#texts.locale()).message : '';
  }

  /** Whose pause it is, its reason says already, unless a program paused it. */
  protected pressOf({ pressed, reason }: StatusHistoryEntry): string {
    if (!pressed || (reason?.code === 'PAUSED_BY' && pressed.kind === 'user')) return '';
    const by = this.t(`pressed.by.${pressed.kind}`, { name: pressed.name });
    return this.t(`pressed.${pressed.act}`, { by });
  }

  /** The address lets go of the sheet first. */
  protected toActivity(): void {
    this.#sheet.afterClosed().subscribe(() => {
      void this.#router.navigate(['/activity'], { queryParams: { outlet: this.outletId } });
    });
    this.#sheet.close();
  }

  protected connect(): void {
    void this.#connectOpener.open(this.outletId);
  }

  protected async loadMore(): Promise<void> {
    this.loadingMore.set(true);
    await this.history.loadMore();
    this.loadingMore.set(false);
  }
}
