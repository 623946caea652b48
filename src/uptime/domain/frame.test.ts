import { describe, expect, test } from '@jest/globals';
import type { UptimeWindow } from '@koneksi/contracts/uptime';
import { frameOf, lengthsOf, monthFrame, monthOf } from './frame.js';

const HOUR = 3_600_000;
const WIB = 7 * HOUR;
/** 22.30 in Jakarta, half past midnight in Jayapura. */
const NOW = Date.parse('2026-11-27T15:30:00.000Z');
const hoursOf = (lengths: readonly number[]): number => lengths.reduce((sum, length) => sum + length, 0) / HOUR;

describe('a window', () => {
  test.each<[UptimeWindow, number, string, string, number]>([
    ['24h', 24, '2026-11-26T16:00:00.000Z', '2026-11-27T15:00:00.000Z', 23.5],
    ['7d', 7, '2026-11-21', '2026-11-27', 6 * 24 + 22.5],
    ['30d', 30, '2026-10-29', '2026-11-27', 29 * 24 + 22.5],
    ['90d', 90, '2026-08-30', '2026-11-27', 89 * 24 + 22.5],
    ['365d', 365, '2025-11-28', '2026-11-27', 364 * 24 + 22.5],
  ])('%s has %i bars', (window, count, first, last, hours) => {
    const frame = frameOf(window, NOW, WIB);
    expect(frame.bars).toHaveLength(count);
    expect([frame.bars[0]!.key, frame.bars.at(-1)!.key]).toEqual([first, last]);
    expect(hoursOf(lengthsOf(frame, 0))).toBe(hours);
    expect(frame.to - frame.bars[0]!.from).toBe(hours * HOUR);
  });

  test('begins at midnight of the zone', () => {
    expect(new Date(frameOf('7d', NOW, WIB).bars[0]!.from).toISOString()).toBe('2026-11-20T17:00:00.000Z');
    expect(frameOf('7d', NOW, 9 * HOUR).bars.at(-1)!.key).toBe('2026-11-28');
  });

  test('of an outlet further east has days that began earlier, and its next day with the last', () => {
    const lengths = lengthsOf(frameOf('7d', NOW, WIB), 2 * HOUR).map((length) => length / HOUR);
    expect(lengths).toEqual([24, 24, 24, 24, 24, 24, 24.5]);
  });

  test('of hours is the same everywhere', () => {
    const frame = frameOf('24h', NOW, WIB);
    expect(lengthsOf(frame, 2 * HOUR)).toEqual(lengthsOf(frame, 0));
  });
});

describe('a month', () => {
  test.each([
    ['2026-02', 28, '2026-02-28'],
    ['2024-02', 29, '2024-02-29'],
    ['2025-12', 31, '2025-12-31'],
  ])('%s has %i days', (month, count, last) => {
    const { dates } = monthFrame(month);
    expect([dates.length, dates[0], dates.at(-1)]).toEqual([count, `${month}-01`, last]);
  });
  test('begins and ends at the midnights of a zone', () => {
    const { from, to } = monthFrame('2026-11');
    expect([from(WIB), to(9 * HOUR)].map((at) => new Date(at).toISOString())).toEqual([
      '2026-10-31T17:00:00.000Z',
      '2026-11-30T15:00:00.000Z',
    ]);
  });
  test('is that of the zone', () => {
    const lastEvening = Date.parse('2026-11-30T15:30:00.000Z');
    expect([monthOf(lastEvening, WIB), monthOf(lastEvening, 9 * HOUR)]).toEqual(['2026-11', '2026-12']);
  });
});
