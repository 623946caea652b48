import { Component, computed, inject, input, output, resource } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Incident } from '@koneksi/contracts/incidents';
import { Clock } from '../core/clock';
import { duration, exactTime, timeOrDay, timeSpan } from '../core/formats';
import { Texts } from '../core/texts';
import { reasonText } from '../live-status/reason-text';
import { Icon } from '../ui/icon';
import { IncidentApi } from './incident-api';
import { IncidentFeed } from './incident-feed';
import { TakeCare } from './take-care';

/** One incident: its cause, its length, whom it struck, who takes care; all of its outlets where they are asked for. */
@Component({
  selector: 'app-incident-row',
  imports: [Icon, MatButton, TakeCare],
  templateUrl: './incident-row.html',
  styleUrl: './incident-row.css',
})
export class IncidentRow {
  readonly incident = input.required<Incident>();
  readonly open = input.required<boolean>();
  readonly switched = output();

  readonly #texts = inject(Texts);
  readonly #api = inject(IncidentApi);
  readonly #news = inject(IncidentFeed).news;
  readonly #now = inject(Clock).now;
  protected readonly t = this.#texts.t;

  readonly #all = resource({
    params: () => (this.open() ? { id: this.incident().id, news: this.#news() } : undefined),
    loader: ({ params }) => this.#api.one(params.id),
  });
  protected readonly all = computed(() => (this.#all.hasValue() ? this.#all.value().outlets : this.incident().outlets));

  protected readonly cause = computed(() => {
    const { reason } = this.incident();
    return reason ? reasonText(reason, this.#texts.locale()) : { message: this.t('incidents.drift'), action: '' };
  });
  protected readonly when = computed(() => {
    const { startedAt, endedAt } = this.incident();
    const end = endedAt === null ? this.#now() : Date.parse(endedAt);
    const length = duration(end - Date.parse(startedAt), this.#texts.locale());
    if (endedAt === null) return this.t('incidents.lasts', { from: this.time(startedAt), length });
    const span = timeSpan(Date.parse(startedAt), end, this.#now(), this.#texts.locale());
    return this.t('incidents.lasted', { span, length });
  });
  protected readonly whom = computed(() => {
    const { outlets, struck } = this.incident();
    const names = outlets.map(({ name }) => name).join(', ');
    const others = struck - outlets.length;
    return others > 0 ? this.t('incidents.others', { names, count: this.#texts.number(others) }) : names;
  });
  protected readonly extent = computed(() => {
    const { struck, down, endedAt } = this.incident();
    const count = this.#texts.number(struck);
    return endedAt === null && down < struck
      ? this.t('incidents.stillDown', { down: this.#texts.number(down), count })
      : this.t('incidents.struck', { count });
  });

  protected time(iso: string): string {
    return timeOrDay(Date.parse(iso), this.#now(), this.#texts.locale());
  }

  protected exact(iso: string): string {
    return exactTime(iso, this.#texts.locale());
  }
}
