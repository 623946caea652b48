import type { Locale } from '@koneksi/contracts/reason-texts';
import { duration } from '../core/formats';

const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1_000];

/** `2 j 5 mnt`, `3 hari`, `12 dtk`: the largest unit and what is left in the next, never more than it was. */
export function twoUnits(seconds: number, locale: Locale): string {
  const ms = Math.trunc(seconds) * 1_000;
  const unit = UNITS_MS.findIndex((length) => ms >= length);
  const next = UNITS_MS[unit + 1];
  if (unit < 0 || next === undefined) return duration(ms, locale);
  const rest = ms % UNITS_MS[unit]!;
  return rest < next ? duration(ms, locale) : `${duration(ms, locale)} ${duration(rest, locale)}`;
}
