import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { OutletTimeline } from '@koneksi/contracts/outlet-status-schema';
import { markAfter, uptimeOf, type Mark, type TimeMark, type TurnKind } from '@koneksi/contracts/uptime-mark';

/** From `from` on, in milliseconds since the epoch, until the next one. */
export interface Span {
  readonly from: number;
  readonly status: OutletStatusName;
  readonly mark: TimeMark;
}

/** What one outlet went through. */
export interface Strip {
  readonly spans: readonly Span[];
  /** What it has come to, whatever was planned and whether or not anybody looked; `null` where nothing was told. */
  readonly settled: Mark | null;
}

export const HOUR_MS = 3_600_000;
export const WINDOW_MS = 24 * HOUR_MS;
export const BARS = 48;
const BAR_MS = WINDOW_MS / BARS;

/** What people look for in a strip; the worst of them fills its bar, unless it passed before anybody could notice. */
const NOTICED_MS = 1_000;
const NEVER_LOST: readonly OutletStatusName[] = ['FAILED', 'TIMEOUT', 'DISCONNECTED'];

/** The last span goes on, also past the end of planned work, by which it was told: that is counted for here. */
export function toStrip({ segments, settled }: Pick<OutletTimeline, 'segments' | 'settled'>): Strip {
  const spans = segments.map(({ from, status, mark }, index) => {
    const isOpen = index === segments.length - 1 && isKnown(mark);
    return { from: Date.parse(from), status, mark: isOpen ? (settled ?? mark) : mark };
  });
  return { spans, settled };
}

/** With what a push added. Pushes that come late or twice change nothing. */
export function extended(strip: Strip, from: number, status: OutletStatusName, kind: TurnKind): Strip {
  const last = strip.spans.at(-1);
  const mark = markAfter(kind, strip.settled);
  if (last && (from <= last.from || (status === last.status && mark === last.mark))) return strip;
  return { spans: [...strip.spans, { from, status, mark }], settled: mark };
}

const isKnown = (mark: TimeMark): mark is Mark => mark !== 'unknown';

/** What a bar shows: a status, `PAUSED` for all that is not counted, or that Koneksi did not run. */
export type Shown = OutletStatusName | 'UNKNOWN';

export interface Bar {
  /** `null` where the outlet was not there yet. */
  readonly status: Shown | null;
  readonly from: number;
  readonly to: number;
}

/** The last 24 hours in bars of half an hour on the clock; the last bar is under way. */
export function bars(spans: readonly Span[], now: number): Bar[] {
  const start = Math.ceil(now / BAR_MS) * BAR_MS - WINDOW_MS;
  const lasted = Array.from({ length: BARS }, () => new Map<Shown, number>());
  spans.forEach((span, index) => {
    const shown = shownFor(span);
    const until = Math.min(spans[index + 1]?.from ?? now, now);
    const first = Math.max(0, Math.floor((span.from - start) / BAR_MS));
    for (let bar = first; bar < BARS && start + bar * BAR_MS < until; bar += 1) {
      const begins = Math.max(span.from, start + bar * BAR_MS);
      const ends = Math.min(until, start + (bar + 1) * BAR_MS);
      lasted[bar]!.set(shown, (lasted[bar]!.get(shown) ?? 0) + ends - begins);
    }
  });
  return lasted.map((statuses, index) => ({
    status: shownOf(statuses),
    from: start + index * BAR_MS,
    to: start + (index + 1) * BAR_MS,
  }));
}

function shownFor({ status, mark }: Span): Shown {
  if (mark === 'unknown') return 'UNKNOWN';
  return mark === 'paused' ? 'PAUSED' : status;
}

function shownOf(lasted: ReadonlyMap<Shown, number>): Shown | null {
  const problem = NEVER_LOST.find((status) => (lasted.get(status) ?? 0) >= NOTICED_MS);
  if (problem) return problem;
  const [longest] = [...lasted].sort(([, one], [, other]) => other - one);
  return longest?.[0] ?? null;
}

/** The share of the last 24 hours in which it worked, of those in which it should have; `null` where that was never. */
export function uptime(spans: readonly Span[], now: number): number | null {
  return uptimeOf(sumsOf(spans, now));
}

/** For how much of the last 24 hours nobody knows how it was, in milliseconds: Koneksi did not run. */
export function unknownMs(spans: readonly Span[], now: number): number {
  return sumsOf(spans, now).unknown;
}

function sumsOf(spans: readonly Span[], now: number): Record<TimeMark, number> {
  const start = now - WINDOW_MS;
  const sums = { up: 0, down: 0, paused: 0, unknown: 0 };
  spans.forEach((span, index) => {
    const length = Math.min(spans[index + 1]?.from ?? now, now) - Math.max(span.from, start);
    sums[span.mark] += Math.max(0, length);
  });
  return sums;
}

/** From this many breaks a day on an outlet is not one that works, whatever it does right now. */
const UNSTABLE_FROM = 4;

/** How often in the last 24 hours it lost what it had while somebody looked, and nobody had planned or wanted it. */
function breaks(spans: readonly Span[], now: number): number {
  const start = now - WINDOW_MS;
  return spans.filter(
    ({ from, mark }, index) => from >= start && from <= now && mark === 'down' && spans[index - 1]?.mark === 'up',
  ).length;
}

export function isUnstable(spans: readonly Span[], now: number): boolean {
  return breaks(spans, now) >= UNSTABLE_FROM;
}
