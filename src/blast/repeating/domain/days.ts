/** A day of no zone in particular, `2026-11-27`. Days compare as texts. */
export type Day = string;

const DAY_MS = 86_400_000;
const at = (day: Day): number => Date.parse(`${day}T00:00:00Z`);
const dayAt = (instant: number): Day => new Date(instant).toISOString().slice(0, 10);

export const dayAfter = (day: Day, days = 1): Day => dayAt(at(day) + days * DAY_MS);

/** The given day of a month, or its last where it has fewer. `month` counts from January of the year 0. */
export function dayOfMonth(month: number, day: number): Day {
  const [year, of] = [Math.floor(month / 12), month % 12];
  const last = new Date(Date.UTC(year, of + 1, 0)).getUTCDate();
  return dayAt(Date.UTC(year, of, Math.min(day, last)));
}

/** Months since January of the year 0. */
export function monthOf(day: Day): number {
  return Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
}

const isLeap = (year: number): boolean => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;

/** Whose birthday it is, as `MM-DD`: where there is no 29 February, those of that day have it on the 28th. */
export function birthdaysOn(day: Day): string[] {
  const date = day.slice(5);
  return date === '02-28' && !isLeap(Number(day.slice(0, 4))) ? [date, '02-29'] : [date];
}
