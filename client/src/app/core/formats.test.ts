import { describe, expect, it } from '@jest/globals';
import { countdown, percent, relativeTime, timeSpan } from './formats';

const now = Date.parse('2026-11-21T07:00:00.000Z');
const ago = (seconds: number) => new Date(now - seconds * 1_000).toISOString();

describe('relative times', () => {
  it.each([
    [12, '12 dtk lalu', '12 sec ago'],
    [59, '59 dtk lalu', '59 sec ago'],
    [60, '1 mnt lalu', '1 min ago'],
    [3_599, '59 mnt lalu', '59 min ago'],
    [3_600, '1 jam lalu', '1 hr ago'],
    [2 * 86_400, '2 hari yang lalu', '2 days ago'],
    [-30, 'dlm 30 dtk', 'in 30 sec'],
  ])('%i seconds ago', (seconds, indonesian, english) => {
    expect(relativeTime(ago(seconds), now, 'id')).toBe(indonesian);
    expect(relativeTime(ago(seconds), now, 'en')).toBe(english);
  });
});

describe('spans', () => {
  const at = (day: number, hour: number, minute: number) => new Date(2026, 10, day, hour, minute).getTime();
  it.each([
    [at(21, 7, 36), at(21, 7, 48), '07.36–07.48'],
    [at(20, 7, 36), at(20, 7, 48), '20 Nov, 07.36–07.48'],
    [at(20, 23, 50), at(21, 0, 10), '20 Nov, 23.50 – 00.10'],
    [at(18, 23, 50), at(19, 0, 10), '18 Nov, 23.50 – 19 Nov, 00.10'],
  ])('from %i to %i', (from, to, shown) => {
    expect(timeSpan(from, to, at(21, 9, 0), 'id')).toBe(shown);
  });
});

describe('countdowns', () => {
  it.each([
    [18_200, '19 dtk'],
    [0, '0 dtk'],
    [-5_000, '0 dtk'],
    [125_000, '2:05'],
  ])('%i ms', (left, shown) => {
    expect(countdown(left, 'id')).toBe(shown);
  });
});

describe('shares', () => {
  it('are all of it only when they are', () => {
    expect(percent(0.99999, 'id')).toBe('99,9%');
    expect(percent(0.99999, 'en')).toBe('99.9%');
    expect(percent(1, 'id')).toBe('100%');
  });
});
