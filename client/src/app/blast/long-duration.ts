import type { Locale } from '@koneksi/contracts/reason-texts';

const TAGS: Record<Locale, string> = { id: 'id-ID', en: 'en-GB' };
const STEPS = [
  ['minute', 60_000],
  ['hour', 3_600_000],
  ['day', 86_400_000],
] as const;

/** `12 hari`, `3 jam`: rounded to the largest unit it holds twice, at least a minute. Milliseconds. */
export function longDuration(ms: number, locale: Locale): string {
  const [unit, length] = STEPS.findLast(([, length]) => ms >= 2 * length) ?? STEPS[0];
  const value = Math.max(1, Math.round(ms / length));
  return new Intl.NumberFormat(TAGS[locale], { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}
