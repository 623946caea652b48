import { expect, test } from '@jest/globals';
import { RequestInstant, TimeAhead } from './instant.ts';

test.each([
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:00+07:00',
  '2026-01-01T00:00:00.5+14:00',
  '2026-01-01T00:00:00-14:59',
])('%s is an instant', (text) => {
  expect(RequestInstant.safeParse(text).success).toBe(true);
});

test.each([
  ['2026-01-01T00:00:00-23:59', 'an offset that PostgreSQL has not'],
  ['2026-01-01T00:00:00+16:00', 'the first of these'],
  ['2026-01-01T00:00:00', 'no offset'],
  ['0000-01-01T00:00:00Z', 'no year that PostgreSQL has'],
  ['9999-12-31T23:59:59-01:00', 'beyond all years'],
  ['2026-02-30T00:00:00Z', 'no day'],
])('%s is none: %s', (text) => {
  expect(RequestInstant.safeParse(text).success).toBe(false);
});

test.each([
  ['2999-12-31T23:59:59', true],
  ['2999-12-31T23:59:59Z', true],
  ['3000-01-01T00:00', false],
  ['9999-12-31T09:00:00+07:00', false],
  ['0000-01-01T09:00', false],
  ['0026-11-28T09:00', false],
])('at %s something may happen: %s', (text, may) => {
  expect(TimeAhead.safeParse(text).success).toBe(may);
});
