import { OUTLET_ZONES } from '@koneksi/contracts/blast-states';
import type { WatchedRule } from './alert-state.js';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** Until when nothing is said, for quiet hours or planned work; `null` where it may be said now. */
export function calmUntil(rule: Pick<WatchedRule, 'zone' | 'quietHours' | 'maintenance'>, now: number): number | null {
  const ends = rule.maintenance
    .filter(({ from, to }) => Date.parse(from) <= now && now < Date.parse(to))
    .map(({ to }) => Date.parse(to));
  const quiet = quietUntil(rule, now);
  return quiet === null && ends.length === 0 ? null : Math.max(quiet ?? -Infinity, ...ends);
}

/** When an outlet began to be down outside of planned work. */
export function unplannedSince({ maintenance }: Pick<WatchedRule, 'maintenance'>, since: number, now: number): number {
  const windows = maintenance.map(({ from, to }) => [Date.parse(from), Date.parse(to)] as const);
  let begun = since;
  for (const [from, to] of windows.toSorted(([one], [other]) => one - other)) if (from <= now && begun < to) begun = to;
  return begun;
}

/** In wall time of the zone, whatever the machine's; none of the zones has summer time. */
function quietUntil({ zone, quietHours }: Pick<WatchedRule, 'zone' | 'quietHours'>, now: number): number | null {
  if (!quietHours) return null;
  const local = Math.floor(now / MINUTE_MS) + OUTLET_ZONES[zone].offsetMinutes;
  const minute = local % DAY_MINUTES;
  const [from, to] = [minutesOf(quietHours.from), minutesOf(quietHours.to)];
  const isQuiet = from <= to ? from <= minute && minute < to : from <= minute || minute < to;
  if (!isQuiet) return null;
  const left = (to - minute + DAY_MINUTES) % DAY_MINUTES;
  return (Math.floor(now / MINUTE_MS) + left) * MINUTE_MS;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
