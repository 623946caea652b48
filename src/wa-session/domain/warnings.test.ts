import { expect, test } from '@jest/globals';
import { warningsChangeAt, warningsOf } from './warnings.js';

const DAY = 86_400_000;
const SEEN = Date.UTC(2026, 10, 1, 2, 0, 0);
const away = (days: number) =>
  warningsOf({ phoneSeenAt: SEEN, stalledAt: null, clientKnownAt: null }, SEEN + days * DAY).map(
    ({ level, until }) => ({ level, until }),
  );
const END = new Date(SEEN + 14 * DAY).toISOString();

test('a phone that stays away is a warning after 10 days, a problem after 12, with the day on which the link ends', () => {
  expect(away(9.99)).toEqual([]);
  expect(away(10)).toEqual([{ level: 'warning', until: END }]);
  expect(away(11.99)).toEqual([{ level: 'warning', until: END }]);
  expect(away(12)).toEqual([{ level: 'problem', until: END }]);
  expect(away(20)).toEqual([{ level: 'problem', until: END }]);
});

test('nobody is warned of a phone of which nothing is known', () => {
  expect(warningsOf({ phoneSeenAt: null, stalledAt: null, clientKnownAt: null }, SEEN)).toEqual([]);
});

test('a stall is told for an hour', () => {
  const stalled = { phoneSeenAt: null, stalledAt: SEEN, clientKnownAt: null };
  expect(warningsOf(stalled, SEEN + 3_599_999)).toMatchObject([{ code: 'INBOUND_STALLED', level: 'warning' }]);
  expect(warningsOf(stalled, SEEN + 3_600_000)).toEqual([]);
});

test('each step is woken for', () => {
  const symptoms = { phoneSeenAt: SEEN, stalledAt: SEEN + DAY, clientKnownAt: null };
  expect(warningsChangeAt(symptoms, SEEN)).toBe(SEEN + DAY + 3_600_000);
  expect(warningsChangeAt(symptoms, SEEN + 2 * DAY)).toBe(SEEN + 10 * DAY);
  expect(warningsChangeAt(symptoms, SEEN + 10 * DAY)).toBe(SEEN + 12 * DAY);
  expect(warningsChangeAt(symptoms, SEEN + 12 * DAY)).toBeNull();
});

test('a client version that nobody confirmed for 14 days is an old one, and its day is told', () => {
  const client = { phoneSeenAt: null, stalledAt: null, clientKnownAt: SEEN };
  expect(warningsOf(client, SEEN + 13.99 * DAY)).toEqual([]);
  expect(warningsChangeAt(client, SEEN)).toBe(SEEN + 14 * DAY);
  const since = new Date(SEEN).toISOString();
  expect(warningsOf(client, SEEN + 14 * DAY)).toEqual([{ code: 'CLIENT_OLD', level: 'warning', since, until: null }]);
  expect(warningsChangeAt(client, SEEN + 14 * DAY)).toBeNull();
});
