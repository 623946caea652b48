import { UPTIME_WINDOWS, type UptimeWindow } from '@koneksi/contracts/uptime';
import { dateOf, hourOf, midnightOf } from './course.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** One bar: the key of its sums, and when it begins where the window is told. */
export interface Bar {
  readonly key: string;
  readonly from: number;
}

/** The bars of a window, oldest first. */
export interface Frame {
  readonly unit: 'hour' | 'day';
  readonly bars: readonly Bar[];
  readonly to: number;
}

/**
 * @param offsetMs of the zone whose midnights part the days
 */
export function frameOf(window: UptimeWindow, now: number, offsetMs: number): Frame {
  const { unit, bars } = UPTIME_WINDOWS[window];
  return unit === 'hour'
    ? { unit, bars: hours(hourOf(now), bars), to: now }
    : { unit, bars: days(midnightOf(now, offsetMs), bars, offsetMs), to: now };
}

/** `2026-11`: the month of an instant in a zone. */
export const monthOf = (at: number, offsetMs: number): string => dateOf(at, offsetMs).slice(0, 7);

/** A month by its dates, and when it begins and ends in a zone. */
export interface Month {
  readonly dates: readonly string[];
  readonly from: (offsetMs: number) => number;
  readonly to: (offsetMs: number) => number;
}

export function monthFrame(month: string): Month {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const first = Date.UTC(year, number - 1, 1);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  return {
    dates: Array.from({ length: count }, (_, index) => dateOf(first + index * DAY_MS, 0)),
    from: (offsetMs) => first - offsetMs,
    to: (offsetMs) => first + count * DAY_MS - offsetMs,
  };
}

/** How a bar is known in the sums of an outlet: an hour by its start, a day by the outlet's own date. */
export function keyOf(at: number, unit: Frame['unit'], offsetMs: number): string {
  return unit === 'hour' ? new Date(hourOf(at)).toISOString() : dateOf(at, offsetMs);
}

/**
 * How long each bar was for an outlet of another zone, whose days begin with its own midnights. A day that has begun
 * there already counts with the one that is under way here.
 */
export function lengthsOf({ unit, bars, to }: Frame, shiftMs: number): number[] {
  const step = unit === 'hour' ? HOUR_MS : DAY_MS;
  const shift = unit === 'hour' ? 0 : shiftMs;
  return bars.map(({ from }, index) => {
    const end = index === bars.length - 1 ? to : Math.min(to, from + step - shift);
    return Math.max(0, end - (from - shift));
  });
}

function hours(last: number, count: number): Bar[] {
  return Array.from({ length: count }, (_, index) => {
    const from = last - (count - 1 - index) * HOUR_MS;
    return { key: keyOf(from, 'hour', 0), from };
  });
}

function days(last: number, count: number, offsetMs: number): Bar[] {
  return Array.from({ length: count }, (_, index) => {
    const from = last - (count - 1 - index) * DAY_MS;
    return { key: keyOf(from, 'day', offsetMs), from };
  });
}
