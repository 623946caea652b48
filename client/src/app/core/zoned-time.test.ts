import { expect, it } from '@jest/globals';
import { clockIn, commonZone, dateTimeIn, localTimeIn, zonedTime } from './zoned-time';

const now = Date.parse('2026-11-21T10:00:00.000Z');

it.each([
  ['2026-11-21T11:30:00.000Z', 'Asia/Jakarta', '18.30 WIB', '18:30 WIB'],
  ['2026-11-22T00:15:00.000Z', 'Asia/Makassar', '22 Nov 08.15 WITA', '22 Nov 08:15 WITA'],
  // Already tomorrow there, though not yet here.
  ['2026-11-21T15:30:00.000Z', 'Asia/Jayapura', '22 Nov 00.30 WIT', '22 Nov 00:30 WIT'],
  // A slip of the year is seen before anything is scheduled for it.
  ['2062-11-21T11:30:00.000Z', 'Asia/Jakarta', '21 Nov 2062 18.30 WIB', '21 Nov 2062 18:30 WIB'],
  ['2026-12-31T18:30:00.000Z', 'Asia/Jakarta', '1 Jan 2027 01.30 WIB', '1 Jan 2027 01:30 WIB'],
] as const)('%s in %s', (iso, zone, indonesian, english) => {
  expect(zonedTime(iso, zone, 'id', now)).toBe(indonesian);
  expect(zonedTime(iso, zone, 'en', now)).toBe(english);
});

it('gives the local time that date and time fields hold', () => {
  expect(localTimeIn('Asia/Makassar', Date.parse('2026-11-21T10:30:00Z'))).toBe('2026-11-21T18:30');
});

it("tells a blast's times by the one zone of its outlets, with its name", () => {
  expect(commonZone(['Asia/Makassar', 'Asia/Makassar'])).toBe('Asia/Makassar');
  expect(dateTimeIn('Asia/Makassar', '2026-11-21T10:30:05Z', 'id')).toBe('21 Nov 2026, 18.30.05 WITA');
  expect(clockIn('Asia/Makassar', Date.parse('2026-11-21T10:30:05Z'), 'en')).toBe('18:30:05 WITA');
});

it("tells them by the reader's own where the zones differ, with its name too", () => {
  expect(commonZone(['Asia/Makassar', 'Asia/Jakarta'])).toBeNull();
  expect(commonZone([])).toBeNull();
  expect(clockIn(null, Date.parse('2026-11-21T10:30:05Z'), 'en')).toMatch(/^\d\d:\d\d:\d\d \S+$/);
});
