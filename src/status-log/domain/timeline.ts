import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { OutletTimeline } from '@koneksi/contracts/outlet-status-schema';

/** Instants are milliseconds since the epoch. */
export interface Window {
  from: number;
  to: number;
}

/** What one outlet went through: its status before the window, and every change within, oldest first. */
export interface Course {
  /** `null` where the outlet was not there yet. */
  before: OutletStatusName | null;
  changes: readonly (readonly [at: number, status: OutletStatusName])[];
}

interface Span {
  from: number;
  status: OutletStatusName;
}

/** The status segments of a window, and for how long the outlet was CONNECTED in it. */
export function toTimeline(
  { before, changes }: Course,
  window: Window,
  most: number,
): Omit<OutletTimeline, 'outletId'> {
  const inside = changes.map(([at, status]) => ({ from: Math.min(Math.max(at, window.from), window.to), status }));
  const spans = joinEqual(before === null ? inside : [{ from: window.from, status: before }, ...inside]);
  const connectedMs = spans
    .map(({ status }, index) => (status === 'CONNECTED' ? lengthAt(spans, index, window) : 0))
    .reduce((sum, length) => sum + length, 0);
  return {
    connectedMs,
    segments: shorten(spans, window, most).map(({ from, status }) => ({ from: new Date(from).toISOString(), status })),
  };
}

/** Changes of the reason alone, and of no duration, are no segments of their own. */
function joinEqual(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    if (joined.at(-1)?.from === span.from) joined.pop();
    if (joined.at(-1)?.status !== span.status) joined.push(span);
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
