import { instantOf } from '../../domain/local-time.js';
import { dayAfter, dayOfMonth, monthOf, type Day } from './days.js';

/** When a blast comes again. Times are each outlet's own. */
export type Rule =
  | { every: 'month'; day: number; time: string; holidays: readonly Day[]; onHoliday: 'skip' | 'earlier' | 'later' }
  /** Every day, for those whose birthday it is by this field of theirs. */
  | { every: 'birthday'; field: string; time: string; holidays: readonly Day[]; onHoliday: 'skip' };

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
 * It is made a little before the clock of the easternmost zone shows its time, and reaches each outlet by its own. After
 * a standstill it is made late, but on its day; a day that has ended everywhere has passed.
 */
export function dueAt({ time }: Pick<Rule, 'time'>, day: Day, now: number): Due {
  const makes = instantOf(`${day}T${time}`, 'Asia/Jayapura') - AHEAD_MS;
  if (now < makes) return { do: 'wait', until: makes };
  return now < instantOf(`${dayAfter(day)}T00:00`, 'Asia/Jakarta') ? { do: 'make' } : { do: 'miss' };
}

/** The days whose time has come since one of them, up to one that is still to come: what a pause until now has left out. */
export function passedSince(rule: Rule, from: Day, to: Day | null, now: number): Day[] {
  const days: Day[] = [];
  let day: Day | null = from;
  while (day !== null && day !== to && dueAt(rule, day, now).do !== 'wait') {
    days.push(day);
    day = nextDay(rule, day);
  }
  return days;
}

/**
 * The first day for a rule that begins now: today, where nobody's clock shows its time yet. Late in the evening of Jakarta
 * tomorrow has begun further east, so that not even tomorrow may do.
 */
export function firstDay(rule: Rule, now: number): Day | null {
  const yesterday = new Date(now - 86_400_000 + 7 * 3_600_000).toISOString().slice(0, 10);
  let day = nextDay(rule, yesterday);
  while (day !== null && dueAt(rule, day, now).do !== 'wait') day = nextDay(rule, day);
  return day;
}
