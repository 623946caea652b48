import type { OutletStatusName, ReasonCode } from './outlet-status.ts';

/** How time counts: it worked; it should have and did not; nobody expected it to. */
export const MARKS = ['up', 'down', 'paused'] as const;
export type Mark = (typeof MARKS)[number];

/** How a stretch of time is told: by its mark, or that nobody looked. */
export const TIME_MARKS = [...MARKS, 'unknown'] as const;
export type TimeMark = (typeof TIME_MARKS)[number];

/** Milliseconds since the epoch. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** What time counts by, beside how the outlet was. */
export interface Terms {
  /** Planned work: what is down meanwhile was expected to be. */
  readonly planned: readonly Interval[];
  /** When nobody looked. */
  readonly blind: readonly Interval[];
}

/** What an outlet has come to, as far as uptime goes. `in-hand`: somebody holds a phone to it. */
export type TurnKind = 'well' | 'down' | 'off' | 'in-hand';

/** Waiting for a first phone, or for one again after people unlinked it themselves. */
export const BEING_SET_UP: ReadonlySet<ReasonCode> = new Set(['NEVER_LINKED', 'PAIRING', 'LINKING', 'UNLINKED']);
export const SWITCHED_OFF: ReadonlySet<ReasonCode> = new Set(['PAUSED_BY', 'INACTIVE', 'AUTO_RECONNECT_OFF']);

export const IN_HAND: ReadonlySet<ReasonCode> = new Set(['PAIRING', 'LINKING', 'QR_EXPIRED']);

/** By what the status log keeps of every change. @param code `null`: none, as of what works */
export function turnOf(status: OutletStatusName, code: ReasonCode | null): TurnKind {
  if (status === 'CONNECTED' && code === null) return 'well';
  if (code === null) return status === 'PAUSED' ? 'off' : 'down';
  if (IN_HAND.has(code)) return 'in-hand';
  return SWITCHED_OFF.has(code) || BEING_SET_UP.has(code) ? 'off' : 'down';
}

/** Whoever holds a phone to an outlet that is down has not mended it yet; to a new one, has broken nothing. */
export function markAfter(kind: TurnKind, before: Mark | null): Mark {
  if (kind === 'well') return 'up';
  if (kind === 'in-hand') return before === 'up' || before === 'down' ? 'down' : 'paused';
  return kind === 'down' ? 'down' : 'paused';
}

/**
 * Spans, oldest first, cut where the terms begin and end, each piece marked as its time counts.
 * @param to when the last one ends
 */
export function countedBy<S extends { readonly from: number; readonly mark: TimeMark }>(
  terms: Terms,
  spans: readonly S[],
  to: number,
): readonly S[] {
  const edges = [...new Set([...terms.planned, ...terms.blind].flatMap((interval) => [interval.from, interval.to]))];
  if (edges.length === 0) return spans;
  edges.sort((one, other) => one - other);
  let next = 0;
  return spans.flatMap((span, index) => {
    const until = spans[index + 1]?.from ?? to;
    const starts = [span.from];
    for (; next < edges.length && edges[next]! < until; next++) if (edges[next]! > span.from) starts.push(edges[next]!);
    return starts.map((from) => ({ ...span, from, mark: markAt(from, span.mark, terms) }));
  });
}

function markAt(at: number, mark: TimeMark, { planned, blind }: Terms): TimeMark {
  if (isWithin(at, blind)) return 'unknown';
  return mark === 'down' && isWithin(at, planned) ? 'paused' : mark;
}

const isWithin = (at: number, intervals: readonly Interval[]): boolean =>
  intervals.some(({ from, to }) => from <= at && at < to);

/** Share of the time in which it was expected to work; `null` where that was never. */
export function uptimeOf({ up, down }: Readonly<Record<'up' | 'down', number>>): number | null {
  return up + down === 0 ? null : up / (up + down);
}
