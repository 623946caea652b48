import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import type { Locale } from '@koneksi/contracts/reason-texts';

const TAGS: Record<Locale, string> = { id: 'id-ID', en: 'en-GB' };

/** `18.30 WIB`, or `22 Nov 08.15 WITA` where it is not the same day there. @param now milliseconds since the epoch */
export function zonedTime(iso: string, zone: OutletZone, locale: Locale, now: number): string {
  const at = new Date(iso);
  const time = at.toLocaleTimeString(TAGS[locale], { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const day = (instant: Date | number): string =>
    new Date(instant).toLocaleDateString(TAGS[locale], { timeZone: zone, day: 'numeric', month: 'short' });
  return [day(at) === day(now) ? '' : day(at), time, OUTLET_ZONES[zone].abbreviation].filter(Boolean).join(' ');
}

/** `22 Nov 2026, 18.30`: a date and time without a zone, as it stands. */
export function localDate(local: string, locale: Locale): string {
  const shape = { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'short' } as const;
  return local ? new Date(`${local.slice(0, 16)}Z`).toLocaleString(TAGS[locale], shape) : '';
}

/** The instant at which clocks in a zone show this local time. Milliseconds since the epoch. */
export function instantIn(zone: OutletZone, local: string): number {
  return Date.parse(`${local}Z`) - OUTLET_ZONES[zone].offsetMinutes * 60_000;
}

/** The local time in a zone, as date and time fields hold it: `2026-11-21T18:30`. */
export function localTimeIn(zone: OutletZone, instant: number): string {
  return new Date(instant + OUTLET_ZONES[zone].offsetMinutes * 60_000).toISOString().slice(0, 16);
}
