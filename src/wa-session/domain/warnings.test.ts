import { expect, test } from '@jest/globals';
import type { WarningFact } from '@koneksi/contracts/outlet-warnings';
import { lately, lossesTold, unreadTold, warningsChangeAt, warningsOf, withLoss } from './warnings.js';

const DAY = 86_400_000;
const SEEN = Date.UTC(2026, 10, 1, 2, 0, 0);
const away = (days: number) =>
  warningsOf(
    { phoneSeenAt: SEEN, listeningSince: null, lostAt: [], stalledAt: null, unreadAt: null, clientKnownAt: null },
    SEEN + days * DAY,
  ).map(({ level, until }) => ({ level, until }));
const END = new Date(SEEN + 14 * DAY).toISOString();

test('a phone that stays away is a warning after 10 days, a problem after 12, with the day on which the link ends', () => {
  expect(away(9.99)).toEqual([]);
  expect(away(10)).toEqual([{ level: 'warning', until: END }]);
  expect(away(11.99)).toEqual([{ level: 'warning', until: END }]);
  expect(away(12)).toEqual([{ level: 'problem', until: END }]);
  expect(away(20)).toEqual([{ level: 'problem', until: END }]);
});

test('nobody is warned of a phone of which nothing is known', () => {
  expect(
    warningsOf(
      { phoneSeenAt: null, listeningSince: null, lostAt: [], stalledAt: null, unreadAt: null, clientKnownAt: null },
      SEEN,
    ),
  ).toEqual([]);
});

test('a stall is told for an hour', () => {
  const stalled = {
    phoneSeenAt: null,
    listeningSince: null,
    lostAt: [],
    stalledAt: SEEN,
    unreadAt: null,
    clientKnownAt: null,
  };
  expect(warningsOf(stalled, SEEN + 3_599_999)).toMatchObject([{ code: 'INBOUND_STALLED', level: 'warning' }]);
  expect(warningsOf(stalled, SEEN + 3_600_000)).toEqual([]);
});

test('what was given up unread is a problem for a day, also for the next process, and says more than a stall', () => {
  const unread = {
    phoneSeenAt: null,
    listeningSince: null,
    lostAt: [],
    stalledAt: SEEN + 1_000,
    unreadAt: SEEN,
    clientKnownAt: null,
  };
  const problem: WarningFact = {
    code: 'INBOUND_STALLED',
    level: 'problem',
    since: new Date(SEEN).toISOString(),
    until: null,
  };
  expect(warningsOf(unread, SEEN + 1_000)).toEqual([problem]);
  expect(warningsOf(unread, SEEN + DAY - 1)).toEqual([problem]);
  expect(warningsOf(unread, SEEN + DAY)).toEqual([]);
  expect(warningsChangeAt(unread, SEEN + DAY / 2)).toBe(SEEN + DAY);
  expect(unreadTold([problem])).toBe(SEEN);
  expect(unreadTold([{ ...problem, level: 'warning' }])).toBeNull();
});

test('each step is woken for', () => {
  const symptoms = {
    phoneSeenAt: SEEN,
    listeningSince: null,
    lostAt: [],
    stalledAt: SEEN + DAY,
    unreadAt: null,
    clientKnownAt: null,
  };
  expect(warningsChangeAt(symptoms, SEEN)).toBe(SEEN + DAY + 3_600_000);
  expect(warningsChangeAt(symptoms, SEEN + 2 * DAY)).toBe(SEEN + 10 * DAY);
  expect(warningsChangeAt(symptoms, SEEN + 10 * DAY)).toBe(SEEN + 12 * DAY);
  expect(warningsChangeAt(symptoms, SEEN + 12 * DAY)).toBeNull();
});

test('a client version that nobody confirmed for 14 days is an old one, and its day is told', () => {
  const client = {
    phoneSeenAt: null,
    listeningSince: null,
    lostAt: [],
    stalledAt: null,
    unreadAt: null,
    clientKnownAt: SEEN,
  };
  expect(warningsOf(client, SEEN + 13.99 * DAY)).toEqual([]);
  expect(warningsChangeAt(client, SEEN)).toBe(SEEN + 14 * DAY);
  const since = new Date(SEEN).toISOString();
  expect(warningsOf(client, SEEN + 14 * DAY)).toEqual([{ code: 'CLIENT_OLD', level: 'warning', since, until: null }]);
  expect(warningsChangeAt(client, SEEN + 14 * DAY)).toBeNull();
});

test('four losses within a day are an outlet that is not stable, until the first of them is a day old', () => {
  const HOUR = 3_600_000;
  const lost = (hours: readonly number[]) =>
    hours.reduce<readonly number[]>((at, h) => withLoss(at, SEEN + h * HOUR), []);
  const told = (lostAt: readonly number[], hour: number) =>
    warningsOf(
      { phoneSeenAt: null, listeningSince: null, lostAt, stalledAt: null, unreadAt: null, clientKnownAt: null },
      SEEN + hour * HOUR,
    );
  expect(told(lost([0, 1, 2]), 2)).toEqual([]);
  const four = lost([0, 1, 2, 23]);
  const since = new Date(SEEN).toISOString();
  expect(told(four, 23)).toEqual([{ code: 'UNSTABLE', level: 'warning', since, until: null }]);
  expect(
    warningsChangeAt(
      { phoneSeenAt: null, listeningSince: null, lostAt: four, stalledAt: null, unreadAt: null, clientKnownAt: null },
      SEEN,
    ),
  ).toBe(SEEN + DAY);
  expect(told(four, 24)).toEqual([]);
  expect(lately(four, SEEN + DAY)).toEqual(four.slice(1));
  // Of many the latest four count, and what a row says of them is gone on with by the next process.
  const many = lost([0, 5, 10, 11, 12, 13]);
  expect(many).toHaveLength(4);
  expect(told(many, 33.9)).toMatchObject([{ since: new Date(SEEN + 10 * HOUR).toISOString() }]);
  expect(told(lossesTold(told(many, 20)), 33.9)).toEqual(told(many, 33.9));
  expect(lossesTold(told(many, 34))).toEqual([]);
});
