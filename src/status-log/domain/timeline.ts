import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { OutletTimeline } from '@koneksi/contracts/outlet-status-schema';
import { countedBy, markAfter, turnOf, type Mark, type Terms, type TimeMark } from '@koneksi/contracts/uptime-mark';

/** Instants are milliseconds since the epoch. */
export interface Window {
  from: number;
  to: number;
}

/** What a change of the log told; without a `code` nothing is wrong. */
export interface Told {
  status: OutletStatusName;
  code: ReasonCode | null;
}

/** What one outlet went through: its status before the window, and every change within, oldest first. */
export interface Course {
  /** `null` where the outlet was not there yet. */
  before: Told | null;
  /** What it had come to before somebody took it in hand, where `before` is that; `null` where that was never told. */
  settled: Told | null;
  changes: readonly (Told & { at: number })[];
}

interface Span {
  from: number;
  status: OutletStatusName;
  mark: TimeMark;
}

/** The status segments of a window, and for how long the outlet is known to have been CONNECTED in it. */
export function toTimeline(
  course: Course,
  terms: Terms,
  window: Window,
  most: number,
): Pick<OutletTimeline, 'connectedMs' | 'segments' | 'settled'> {
  const told = marked(course, window);
  const spans = joinEqual(countedBy(terms, joinEqual(told), window.to));
  const connectedMs = spans
    .map(({ status, mark }, index) =>
      status === 'CONNECTED' && mark !== 'unknown' ? lengthAt(spans, index, window) : 0,
    )
    .reduce((sum, length) => sum + length, 0);
  return {
    connectedMs,
    segments: shorten(spans, window, most).map(({ from, ...rest }) => ({
      from: new Date(from).toISOString(),
      ...rest,
    })),
    settled: told.at(-1)?.mark ?? null,
  };
}

/** As it counts before any terms. */
function marked({ before, settled, changes }: Course, window: Window): (Span & { mark: Mark })[] {
  let mark: Mark | null = settled && markAfter(turnOf(settled.status, settled.code), null);
  return (before ? [{ ...before, at: window.from }, ...changes] : changes).map(({ at, status, code }) => {
    mark = markAfter(turnOf(status, code), mark);
    return { from: Math.min(Math.max(at, window.from), window.to), status, mark };
  });
}

/** Changes of the reason that count the same, and of no duration, are no segments of their own. */
function joinEqual(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    if (joined.at(-1)?.from === span.from) joined.pop();
    const last = joined.at(-1);
    if (last?.status !== span.status || last.mark !== span.mark) joined.push(span);
  }
  return joined;
}

/** Leaves the shortest out, in halves of what is too much: each one gone joins its neighbours. First and last stay. */
function shorten(spans: readonly Span[], window: Window, most: number): readonly Span[] {
  if (spans.length <= most) return spans;
  const shortest = spans
    .map((_, index) => ({ index, length: lengthAt(spans, index, window) }))
    .slice(1, -1)
    .sort((a, b) => a.length - b.length)
    .slice(0, Math.ceil((spans.length - most) / 2));
  const out = new Set(shortest.map(({ index }) => index));
  return shorten(joinEqual(spans.filter((_, index) => !out.has(index))), window, most);
}

function lengthAt(spans: readonly Span[], index: number, window: Window): number {
  return (spans[index + 1]?.from ?? window.to) - spans[index]!.from;
}
