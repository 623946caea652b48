import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import type { Locale } from '@koneksi/contracts/reason-texts';

const TAGS: Record<Locale, string> = { id: 'id-ID', en: 'en-GB' };

/** `18.30 WIB`, `22 Nov 08.15 WITA` where it is not the same day there, or with its year where that is another. @param now milliseconds since the epoch */
export function zonedTime(iso: string, zone: OutletZone, locale: Locale, now: number): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString(TAGS[locale], { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const dayAs = (instant: Date | number, shape: Intl.DateTimeFormatOptions): string =>
    new Date(instant).toLocaleDateString(TAGS[locale], { timeZone: zone, ...shape });
  const day = { day: 'numeric', month: 'short' } as const;
  const year = { year: 'numeric' } as const;
  const date = dayAs(at, dayAs(at, year) === dayAs(now, year) ? day : { ...day, ...year });
  return [date === dayAs(now, day) ? '' : date, time, OUTLET_ZONES[zone].abbreviation].filter(Boolean).join(' ');
}

/** The zone these outlets share; `null` where theirs differ, and times are better told by the reader's own clock. */
export function commonZone(zones: readonly OutletZone[]): OutletZone | null {
  return zones.every((zone) => zone === zones[0]) ? (zones[0] ?? null) : null;
}

/** `21 Nov 2026, 18.53.17 WIB`, in this zone or the reader's own. */
export function dateTimeIn(zone: OutletZone | null, iso: string, locale: Locale): string {
  return told(DATE_TIME, zone, Date.parse(iso), locale);
}

/** `18.53.17 WIB`, in this zone or the reader's own. @param instant milliseconds since the epoch */
export function clockIn(zone: OutletZone | null, instant: number, locale: Locale): string {
  return told(CLOCK, zone, instant, locale);
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const DATE_TIME = { day: 'numeric', month: 'short', year: 'numeric', ...CLOCK } as const;
/** One format is dear to make, and a page of recipients needs hundreds. */
const formats = new Map<string, Intl.DateTimeFormat>();

function told(shape: Intl.DateTimeFormatOptions, zone: OutletZone | null, instant: number, locale: Locale): string {
  const key = `${locale} ${zone} ${Object.keys(shape).length}`;
  let format = formats.get(key);
  if (!format) {
    // The runtime has no English names for these zones; ours are the ones people use.
    format = new Intl.DateTimeFormat(TAGS[locale], {
      ...shape,
      ...(zone ? { timeZone: zone } : { timeZoneName: 'short' }),
    });
    formats.set(key, format);
  }
  return [format.format(instant), zone && OUTLET_ZONES[zone].abbreviation].filter(Boolean).join(' ');
}

/** `22 Nov 2026, 18.30`: a date and time without a zone, as it stands. */
export function localDate(local: string, locale: Locale): string {
  const shape = { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'short' } as const;
  return local ? new Date(`${local.slice(0, 16)}Z`).toLocaleString(TAGS[locale], shape) : '';
}

/** The local time in a zone, as date and time fields hold it: `2026-11-21T18:30`. */
export function localTimeIn(zone: OutletZone, instant: number): string {
  return new Date(instant + OUTLET_ZONES[zone].offsetMinutes * 60_000).toISOString().slice(0, 16);
}
