import { describe, expect, test } from '@jest/globals';
import { judge, type Outcome } from './verdict.js';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const answered = (status: number, retryAfterMs: number | null = null): Outcome => ({
  status,
  fault: null,
  retryAfterMs,
});
const silent: Outcome = { status: null, fault: 'TIMEOUT', retryAfterMs: null };
const look = (outcome: Outcome, { tries = 1, failures = 0, failingSince = null as number | null, random = 0.5 } = {}) =>
  judge({ tries, before: { failures, failingSince }, outcome, now: NOW, random, retryMs: 5_000 });

test.each([200, 201, 202, 204, 299])('%i takes it', (status) => {
  expect(look(answered(status), { failures: 1, failingSince: NOW - 1 })).toEqual({
    delivery: { status: 'delivered', nextTryAt: null },
    webhook: { failures: 0, failingSince: null, notBefore: null, pause: null },
    isBack: false,
  });
});

test('who was away and takes one gets the rest at once', () => {
  expect(look(answered(200), { failures: 3 }).isBack).toBe(true);
});

test.each([301, 302, 307, 308, 400, 401, 403, 404, 405, 413, 422, 451])(
  '%i is a no, given up after eight',
  (status) => {
    expect(look(answered(status), { tries: 7 }).delivery.status).toBe('pending');
    expect(look(answered(status), { tries: 8, failures: 7 }).delivery).toEqual({ status: 'dead', nextTryAt: null });
  },
);

test.each([408, 425, 429, 500, 502, 503, 504])('%i is no final word', (status) => {
  expect(look(answered(status), { tries: 8 }).delivery.status).toBe('pending');
  expect(look(answered(status), { tries: 23 }).delivery.status).toBe('pending');
  expect(look(answered(status), { tries: 24 }).delivery.status).toBe('dead');
});

test('nothing dies while the receiver is away', () => {
  expect(look(silent, { tries: 500, failures: 40 }).delivery.status).toBe('pending');
});

test.each([
  [1, 5],
  [2, 30],
  [3, 120],
  [4, 600],
  [5, 1_800],
  [6, 3_600],
  [7, 7_200],
  [20, 7_200],
])('after try %i it waits %i seconds, give or take a fifth', (tries, seconds) => {
  const waits = [0, 0.5, 1].map((random) => look(silent, { tries, random }).delivery.nextTryAt! - NOW);
  expect(waits).toEqual([800, 1_000, 1_200].map((ms) => ms * seconds));
});

describe('a receiver that is away', () => {
  test('is asked at longer and longer intervals, but every quarter of an hour', () => {
    expect(look(silent, { failures: 1 }).webhook.notBefore).toBeNull();
    const waits = [2, 3, 4, 5, 6, 50].map((failures) => look(silent, { failures }).webhook.notBefore! - NOW);
    expect(waits.map((ms) => ms / 1_000)).toEqual([5, 30, 120, 600, 900, 900]);
  });

  test('is given up after three days', () => {
    expect(look(silent, { failures: 99, failingSince: NOW - 72 * HOUR + 1 }).webhook.pause).toBeNull();
    expect(look(silent, { failures: 99, failingSince: NOW - 72 * HOUR }).webhook.pause).toBe('FAILING');
    expect(look(silent, { failures: 0 }).webhook.failingSince).toBe(NOW);
  });

  test('is not given up by a clock that is set', () => {
    expect(look(silent, { failures: 20, failingSince: NOW - 90 * 24 * HOUR }).webhook.pause).toBeNull();
    expect(look(silent, { failures: 99, failingSince: NOW + 2 * HOUR }).webhook).toMatchObject({
      failingSince: NOW,
      pause: null,
    });
  });

  test('that says it is gone is not asked again', () => {
    expect(look(answered(410)).webhook.pause).toBe('GONE');
  });
});

test('a wish to wait is heard, up to an hour', () => {
  expect(look(answered(429, 90_000)).delivery.nextTryAt).toBe(NOW + 90_000);
  expect(look(answered(503, 9 * HOUR)).delivery.nextTryAt).toBe(NOW + HOUR);
  expect(look(answered(503, 1_000)).delivery.nextTryAt).toBe(NOW + 5_000);
});
