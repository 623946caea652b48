import { expect, it } from '@jest/globals';
import { instantIn, localTimeIn, zonedTime } from './zoned-time';

const now = Date.parse('2026-11-21T10:00:00.000Z');

it.each([
  ['2026-11-21T11:30:00.000Z', 'Asia/Jakarta', '18.30 WIB', '18:30 WIB'],
  ['2026-11-22T00:15:00.000Z', 'Asia/Makassar', '22 Nov 08.15 WITA', '22 Nov 08:15 WITA'],
  // Already tomorrow there, though not yet here.
  ['2026-11-21T15:30:00.000Z', 'Asia/Jayapura', '22 Nov 00.30 WIT', '22 Nov 00:30 WIT'],
] as const)('%s in %s', (iso, zone, indonesian, english) => {
  expect(zonedTime(iso, zone, 'id', now)).toBe(indonesian);
  expect(zonedTime(iso, zone, 'en', now)).toBe(english);
});

it('goes from a local time to its instant and back', () => {
  expect(new Date(instantIn('Asia/Makassar', '2026-11-21T18:30')).toISOString()).toBe('2026-11-21T10:30:00.000Z');
  expect(localTimeIn('Asia/Makassar', instantIn('Asia/Makassar', '2026-11-21T18:30'))).toBe('2026-11-21T18:30');
});
