import { HttpClient } from '@angular/common/http';
import { computed, inject, Service, signal } from '@angular/core';
import type { OutletTimeline, TimelineAnswer } from '@koneksi/contracts/outlet-status-schema';
import type { Subscription } from 'rxjs';
import type { StatusChange } from '@koneksi/contracts/realtime';
import { turnIn } from '@koneksi/contracts/outlet-kind';
import { countedBy, type Interval } from '@koneksi/contracts/uptime-mark';
import { Clock } from '../core/clock';
import { extended, isUnstable, toStrip, uptime, type Span, type Strip } from './timeline';

const NONE: Strip = { spans: [], settled: null };

interface Reliability {
  readonly spans: readonly Span[];
  readonly uptime: number | null;
  readonly isUnstable: boolean;
}

/** What every outlet went through in the last 24 hours: asked for once, then extended by what is pushed. */
@Service()
export class TimelineStore {
  readonly #http = inject(HttpClient);
  readonly #strips = signal<ReadonlyMap<string, Strip>>(new Map());
  /** Planned work of those outlets that have any: what is pushed in it was expected. */
  #planned: ReadonlyMap<string, readonly Interval[]> = new Map();
  readonly #loaded = signal(false);
  readonly loaded = this.#loaded.asReadonly();
  readonly #minute = inject(Clock).minute;
  /** What was found for strips within this minute: a push changes those of one outlet only. */
  readonly #found = computed(() => {
    this.#minute();
    return new WeakMap<Strip, Reliability>();
  });
  #wanted = false;
  /** No answer came: the strips are empty, and whoever wants or refreshes them asks again. */
  #failed = false;
  /** Pushed while the answer was under way: it may or may not hold them. */
  #early: StatusChange[] = [];
  /** The last one counts; what is left of one before it is not waited for. */
  #loading: Subscription | null = null;

  of(outletId: string): readonly Span[] {
    return this.reliability(outletId).spans;
  }

  /** Worked for how much of the last 24 hours in which it should, and whether that broke too often to rely on. */
  reliability(outletId: string): Reliability {
    const told = this.#told(outletId);
    const found = this.#found();
    const known = found.get(told);
    if (known) return known;
    const until = this.#minute() + 60_000;
    const planned = (this.#planned.get(outletId) ?? []).filter(({ from }) => from < until);
    const spans = countedBy({ planned, blind: [] }, told.spans, until);
    const reliability = { spans, uptime: uptime(spans, until), isUnstable: isUnstable(spans, until) };
    if (told !== NONE) found.set(told, reliability);
    return reliability;
  }

  /** Asks the first time; a page that no one opens costs nothing. */
  want(): void {
    if (this.#wanted && !this.#failed) return;
    this.#wanted = true;
    this.#load();
  }

  /** What was missed is too much to be replayed, or other work is planned: what is drawn may lack it. */
  refresh(): void {
    if (this.#wanted) this.#load();
  }

  clear(): void {
    this.#wanted = false;
    this.#loading?.unsubscribe();
    this.#loaded.set(false);
    this.#strips.set(new Map());
    this.#early = [];
  }

  extend(change: StatusChange): void {
    if (!this.#wanted || this.#failed) return;
    if (!this.#loaded()) this.#early.push(change);
    const { outletId, session } = change.status;
    const before = this.#told(outletId);
    const after = extended(before, Date.parse(change.at), session.status, turnIn(change.status));
    if (after !== before) this.#strips.set(new Map(this.#strips()).set(outletId, after));
  }

  #told(outletId: string): Strip {
    return this.#strips().get(outletId) ?? NONE;
  }

  #load(): void {
    this.#loaded.set(false);
    this.#failed = false;
    this.#loading?.unsubscribe();
    const answer = this.#http.get<TimelineAnswer>('/api/outlets/timeline', { params: { hours: 24 } });
    this.#loading = answer.subscribe({
      next: ({ outlets }) => {
        this.#planned = new Map(outlets.flatMap(({ outletId, planned }) => plannedOf(outletId, planned)));
        this.#strips.set(new Map(outlets.map((outlet) => [outlet.outletId, toStrip(outlet)])));
        this.#loaded.set(true);
        for (const change of this.#early.splice(0)) this.extend(change);
      },
      error: () => {
        this.#failed = true;
        this.#early = [];
      },
    });
  }
}

function plannedOf(outletId: string, planned: OutletTimeline['planned']): [string, Interval[]][] {
  const windows = planned.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
  return windows.length === 0 ? [] : [[outletId, windows]];
}
