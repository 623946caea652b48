import type { Locale } from '@koneksi/contracts/reason-texts';

const JAKARTA_MS = 7 * 3_600_000;
const inMonths = (tag: string): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat(tag, { month: 'short', year: 'numeric', timeZone: 'UTC' });
const MONTHS: Record<Locale, Intl.DateTimeFormat> = { id: inMonths('id-ID'), en: inMonths('en-GB') };

/** `Nov 2026` of `2026-11`. */
export function monthName(month: string, locale: Locale): string {
  return MONTHS[locale].format(new Date(`${month}-01T00:00:00Z`));
}

/** `2026-11`, `2026-10` and so on: the month of an instant in Jakarta and those before it. */
export function monthsBefore(now: number, count: number): string[] {
  const local = new Date(now + JAKARTA_MS);
  return Array.from({ length: count }, (_, back) =>
    new Date(Date.UTC(local.getUTCFullYear(), local.getUTCMonth() - back, 1)).toISOString().slice(0, 7),
  );
}
