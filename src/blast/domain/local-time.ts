import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

const offsetMs = (zone: OutletZone): number => OUTLET_ZONES[zone].offsetMinutes * MINUTE_MS;

/** The day in this zone, `2026-11-21`. Instants here are milliseconds since the epoch. */
export function localDay(at: number, zone: OutletZone): string {
  return new Date(at + offsetMs(zone)).toISOString().slice(0, 10);
}

/** When the next day of this zone begins. */
export function nextMidnight(at: number, zone: OutletZone): number {
  const local = at + offsetMs(zone);
  return local - (local % DAY_MS) + DAY_MS - offsetMs(zone);
}

/** Minutes since this zone's midnight, with their fraction. */
export function minuteOfDay(at: number, zone: OutletZone): number {
  return ((at + offsetMs(zone)) % DAY_MS) / MINUTE_MS;
}

/** The instant a time names: one with an offset as it is, one without in this zone. */
export function instantOf(time: string, zone: OutletZone): number {
  const hasOffset = /(Z|[+-]\d{2}:?\d{2})$/i.test(time);
  return hasOffset ? Date.parse(time) : Date.parse(`${time}Z`) - offsetMs(zone);
}
