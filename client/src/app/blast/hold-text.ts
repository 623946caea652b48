import { HOLD_CODES, type OutletZone } from '@koneksi/contracts/blast-states';
import type { Hold } from '@koneksi/contracts/blasts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { zonedTime } from '../core/zoned-time';

/** Why an outlet's part waits, with the time as its own clocks show it. @param now milliseconds since the epoch */
export function holdText({ code, until }: Hold, zone: OutletZone, locale: Locale, now: number): string {
  // A newer server may know codes that this page does not.
  const sentence = HOLD_CODES[code]?.[locale] ?? code;
  return sentence.replace('{until}', until ? zonedTime(until, zone, locale, now) : '…');
}
