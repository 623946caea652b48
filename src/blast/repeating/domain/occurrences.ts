import type { OutletZone } from '@koneksi/contracts/blast-states';
import { instantOf, localDay } from '../../domain/local-time.js';
import { dayAfter, dayOfMonth, monthOf, type Day } from './days.js';

/** When a blast comes again. Times are each outlet's own. */
export type Rule =
  | { every: 'month'; day: number; time: string; holidays: readonly Day[]; onHoliday: 'skip' | 'earlier' | 'later' }
  /** Every day, for those whose birthday it is by this field of theirs. */
  | { every: 'birthday'; field: string; time: string; holidays: readonly Day[]; onHoliday: 'skip' };

/** Those of the outlets it is for, at least one. */
export type Zones = readonly OutletZone[];

/** How long before the first outlet's time a repetition is made. Milliseconds. */
const AHEAD_MS = 5 * 60_000;
/** Longer than all holidays of a list in a row. */
const MOST_MONTHS = 60;

/** The first day after this one on which it comes; `null` where holidays leave none. */
export function nextDay(rule: Rule, after: Day): Day | null {
  return rule.every === 'month' ? nextOfMonth(rule, after) : nextBirthdays(rule, after);
}

function nextBirthdays({ holidays }: Rule, after: Day): Day {
  let day = dayAfter(after);
  while (holidays.includes(day)) day = dayAfter(day);
  return day;
}

/** A day may move into the month before or after: each month has one of its own all the same. */
function nextOfMonth(rule: Extract<Rule, { every: 'month' }>, after: Day): Day | null {
  const first = monthOf(after) - 1;
  const days = Array.from({ length: MOST_MONTHS }, (_, index) => moved(rule, dayOfMonth(first + index, rule.day)));
  return days.filter((day) => day !== null && day > after).sort()[0] ?? null;
}

function moved({ holidays, onHoliday }: Extract<Rule, { every: 'month' }>, day: Day): Day | null {
  if (!holidays.includes(day)) return day;
  if (onHoliday === 'skip') return null;
  let other = day;
  while (holidays.includes(other)) other = dayAfter(other, onHoliday === 'later' ? 1 : -1);
  return other;
}

/** What is to be done about a repetition of this day now; instants in milliseconds since the epoch. */
export type Due = { do: 'wait'; until: number } | { do: 'make' } | { do: 'miss' };

/**
 * It is made a little before the first of its outlets' clocks shows its time, and reaches each outlet by its own. After a
 * standstill it is made late, but on its day; a day that has ended at all of them has passed.
 */
export function dueAt({ time }: Pick<Rule, 'time'>, day: Day, zones: Zones, now: number): Due {
  const makes = Math.min(...zones.map((zone) => instantOf(`${day}T${time}`, zone))) - AHEAD_MS;
  if (now < makes) return { do: 'wait', until: makes };
  const ends = Math.max(...zones.map((zone) => instantOf(`${dayAfter(day)}T00:00`, zone)));
  return now < ends ? { do: 'make' } : { do: 'miss' };
}

/** Whether the clock of one of its outlets is still to show its time on this day. */
function isAhead({ time }: Rule, day: Day, zones: Zones, now: number): boolean {
  return zones.some((zone) => now < instantOf(`${day}T${time}`, zone));
}

/** Those of these outlets whose clocks have shown its time on this day. */
export const passedAt = <Outlet extends { zone: OutletZone }>(
  { time }: Pick<Rule, 'time'>,
  day: Day,
  outlets: readonly Outlet[],
  now: number,
): Outlet[] => outlets.filter(({ zone }) => now >= instantOf(`${day}T${time}`, zone));

/** The days whose time has come since one of them, up to one that is still to come: what a pause until now has left out. */
export function passedSince(rule: Rule, from: Day, to: Day | null, zones: Zones, now: number): Day[] {
  const days: Day[] = [];
  let day: Day | null = from;
  while (day !== null && day !== to && !isAhead(rule, day, zones, now)) {
    days.push(day);
    day = nextDay(rule, day);
  }
  return days;
}

/** The first day for a rule that begins now: today, as long as its time is ahead at one of its outlets. */
export function firstDay(rule: Rule, zones: Zones, now: number): Day | null {
  // Nowhere is it an earlier day.
  let day = nextDay(rule, dayAfter(localDay(now, 'Asia/Jakarta'), -1));
  while (day !== null && !isAhead(rule, day, zones, now)) day = nextDay(rule, day);
  return day;
}
