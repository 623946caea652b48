import type { Locale } from '@koneksi/contracts/reason-texts';

const TAGS: Record<Locale, string> = { id: 'id-ID', en: 'en-GB' };

function perLocale<Format>(make: (tag: string) => Format): Record<Locale, Format> {
  return { id: make(TAGS.id), en: make(TAGS.en) };
}

const EXACT = perLocale(
  (tag) =>
    new Intl.DateTimeFormat(tag, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
    }),
);
const CLOCK_TIME = perLocale((tag) => new Intl.DateTimeFormat(tag, { timeStyle: 'medium' }));
const TIME_OF_DAY = perLocale((tag) => new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' }));
const PERCENT = perLocale(
  (tag) => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1, roundingMode: 'floor' }),
);
const FINE_PERCENT = perLocale(
  (tag) => new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 2, roundingMode: 'floor' }),
);
const SHORT_RELATIVE = perLocale((tag) => new Intl.RelativeTimeFormat(tag, { style: 'short' }));
const LONG_RELATIVE = perLocale((tag) => new Intl.RelativeTimeFormat(tag, { style: 'long' }));
const SECONDS = perLocale((tag) => new Intl.NumberFormat(tag, { style: 'unit', unit: 'second', unitDisplay: 'short' }));
const DAY_OF_YEAR = perLocale((tag) => new Intl.DateTimeFormat(tag, { day: 'numeric', month: 'short' }));
const DAY = perLocale((tag) => new Intl.DateTimeFormat(tag, { dateStyle: 'short' }));
const LENGTHS = (['second', 'minute', 'hour', 'day'] as const).map((unit) =>
  perLocale((tag) => new Intl.NumberFormat(tag, { style: 'unit', unit, unitDisplay: 'short' })),
);
const WHOLE = perLocale((tag) => new Intl.NumberFormat(tag));

/** `21 Nov 2026, 18.53.17 WIB`: the instant in the reader's own zone, which it names. */
export function exactTime(iso: string, locale: Locale): string {
  return EXACT[locale].format(new Date(iso));
}

/** `18.53.17` */
export function clockTime(instant: number, locale: Locale): string {
  return CLOCK_TIME[locale].format(instant);
}

/** `18.30` */
export function timeOfDay(instant: number, locale: Locale): string {
  return TIME_OF_DAY[locale].format(instant);
}

/** `99,9%`, never rounded up: 100 means all of it. @param share 0 to 1 */
export function percent(share: number, locale: Locale): string {
  return PERCENT[locale].format(share);
}

/** `99,98%`, never rounded up. @param share 0 to 1 */
export function finePercent(share: number, locale: Locale): string {
  return FINE_PERCENT[locale].format(share);
}

/** `12 dtk lalu`, `3 jam lalu`, `2 hari yang lalu`; the future reads `dlm 12 dtk`. */
export function relativeTime(iso: string, now: number, locale: Locale): string {
  // Minus zero: `0 dtk lalu`, not `dalam 0 dtk`.
  const seconds = Math.round((Date.parse(iso) - now) / 1_000) || -0;
  const magnitude = Math.abs(seconds);
  if (magnitude < 60) return SHORT_RELATIVE[locale].format(seconds, 'second');
  if (magnitude < 3_600) return SHORT_RELATIVE[locale].format(Math.trunc(seconds / 60), 'minute');
  if (magnitude < 86_400) return SHORT_RELATIVE[locale].format(Math.trunc(seconds / 3_600), 'hour');
  return LONG_RELATIVE[locale].format(Math.trunc(seconds / 86_400), 'day');
}

/** `12 dtk`, `5 mnt`, `3 jam`, `2 hari`: whole units, so never more than it was. */
export function duration(milliseconds: number, locale: Locale): string {
  const seconds = Math.max(0, Math.trunc(milliseconds / 1_000));
  const steps = [1, 60, 3_600, 86_400];
  const unit = steps.findLastIndex((length) => seconds >= length);
  return LENGTHS[Math.max(0, unit)]![locale].format(Math.trunc(seconds / steps[Math.max(0, unit)]!));
}

/** `07.36` today, `24 Nov` before that: in the reader's own zone. */
export function timeOrDay(instant: number, now: number, locale: Locale): string {
  const isToday = DAY[locale].format(instant) === DAY[locale].format(now);
  return isToday ? timeOfDay(instant, locale) : dayOfYear(instant, locale);
}

/** `07.36–07.48` today, `24 Nov, 07.36–07.48` before that, `24 Nov, 23.50 – 25 Nov, 00.10`: each day once. */
export function timeSpan(from: number, to: number, now: number, locale: Locale): string {
  const day = (instant: number): string => dayOfYear(instant, locale);
  const at = (instant: number): string =>
    [...(day(instant) === day(now) ? [] : [day(instant)]), timeOfDay(instant, locale)].join(', ');
  return day(from) === day(to) ? `${at(from)}–${timeOfDay(to, locale)}` : `${at(from)} – ${at(to)}`;
}

/** `24 Nov`, in the reader's own zone. */
export function dayOfYear(instant: number, locale: Locale): string {
  return DAY_OF_YEAR[locale].format(instant);
}

/** `12 dtk`, or `2:05` from a minute on. */
export function countdown(milliseconds: number, locale: Locale): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  if (seconds < 60) return SECONDS[locale].format(seconds);
  return `${Math.trunc(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function wholeNumber(value: number, locale: Locale): string {
  return WHOLE[locale].format(value);
}
