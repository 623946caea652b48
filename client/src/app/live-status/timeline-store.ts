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
  readonly #minute = inject(Clock).minute;
  /** What was found for strips within this minute: a push changes those of one outlet only. */
  readonly #found = computed(() => {
    this.#minute();
    return new WeakMap<Strip, Reliability>();
  });
  #wanted = false;
  /** No answer came: the strips are empty, and whoever wants or refreshes them asks again. */
  #failed = false;
  /** Pushed while the answer is under way: it may or may not hold them. `null` while none is. */
  #early: StatusChange[] | null = null;
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
    void this.#load().catch(() => undefined);
  }

  /**
   * What was missed is too much to be replayed, or other work is planned: what is drawn may lack it. It stays until the
   * answer is there, and goes on from what is pushed.
   */
  async refresh(): Promise<void> {
    if (this.#wanted) await this.#load();
  }

  clear(): void {
    this.#wanted = false;
    this.#loading?.unsubscribe();
    this.#strips.set(new Map());
    this.#early = null;
  }

  extend(change: StatusChange): void {
    if (!this.#wanted || this.#failed) return;
    this.#early?.push(change);
    const { outletId, session } = change.status;
    const before = this.#told(outletId);
    const after = extended(before, Date.parse(change.at), session.status, turnIn(change.status));
    if (after !== before) this.#strips.set(new Map(this.#strips()).set(outletId, after));
  }

  #told(outletId: string): Strip {
    return this.#strips().get(outletId) ?? NONE;
  }

  /** Rejects where no answer came; where somebody asked anew meanwhile, nothing is waited for any more. */
  #load(): Promise<void> {
    this.#failed = false;
    this.#early = [];
    this.#loading?.unsubscribe();
    const answer = this.#http.get<TimelineAnswer>('/api/outlets/timeline', { params: { hours: 24 } });
    return new Promise((resolve, reject) => {
      const loading = answer.subscribe({
        next: ({ outlets }) => {
          this.#planned = new Map(outlets.flatMap(({ outletId, planned }) => plannedOf(outletId, planned)));
          this.#strips.set(new Map(outlets.map((outlet) => [outlet.outletId, toStrip(outlet)])));
          const early = this.#early ?? [];
          this.#early = null;
          for (const change of early) this.extend(change);
        },
        error: (fault: Error) => {
          this.#failed = this.#strips().size === 0;
          this.#early = null;
          reject(fault);
        },
      });
      loading.add(resolve);
      this.#loading = loading;
    });
  }
}

function plannedOf(outletId: string, planned: OutletTimeline['planned']): [string, Interval[]][] {
  const windows = planned.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }));
  return windows.length === 0 ? [] : [[outletId, windows]];
}
