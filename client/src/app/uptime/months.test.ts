import { expect, it } from '@jest/globals';
import { monthName, monthsBefore } from './months';

it.each([
  ['2026-11-30T16:59:59.000Z', ['2026-11', '2026-10']],
  ['2026-11-30T17:00:00.000Z', ['2026-12', '2026-11']],
  ['2027-01-15T00:00:00.000Z', ['2027-01', '2026-12']],
  ['2026-03-31T05:00:00.000Z', ['2026-03', '2026-02']],
])('at %s', (now, months) => {
  expect(monthsBefore(Date.parse(now), 2)).toEqual(months);
});

it.each(['id', 'en'] as const)('a month has its name in %s', (locale) => {
  expect(monthName('2026-11', locale)).toBe('Nov 2026');
  expect(monthName('2026-08', locale)).toBe(locale === 'id' ? 'Agu 2026' : 'Aug 2026');
});
