import { describe, expect, it } from '@jest/globals';
import type { UptimeBucket } from '@koneksi/contracts/uptime';
import { foldToFit } from './fold';

const days = (count: number): UptimeBucket[] =>
  Array.from({ length: count }, (_, index) => ({ from: `day ${index}`, up: 1, down: index, paused: 0, unknown: 2 }));

describe('bars that fit a phone', () => {
  it.each([24, 7, 30, 90])('%i stay as they are', (count) => {
    expect(foldToFit(days(count))).toHaveLength(count);
  });

  it('a year is weeks, the first of them short, and loses nothing', () => {
    const weeks = foldToFit(days(365));
    expect(weeks).toHaveLength(53);
    expect(weeks[0]).toEqual({ from: 'day 0', up: 1, down: 0, paused: 0, unknown: 2 });
    expect(weeks.at(-1)!.from).toBe('day 358');
    expect(weeks.reduce((sum, { up, down }) => sum + up + down, 0)).toBe(365 + (364 * 365) / 2);
  });

  it('whole weeks have no short one', () => {
    expect(foldToFit(days(98)).map(({ up }) => up)).toEqual(Array.from({ length: 14 }, () => 7));
  });
});
