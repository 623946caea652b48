import { expect, test } from '@jest/globals';
import { LEAST, nextPace, Pace } from './pace.js';

const MOST = 200;
const SECOND = 1_000;

/** Asks again as soon as the last turn may begin, for so long; answers how many turns that were. */
function turnsOf(pace: Pace, caller: string, from: number, milliseconds: number, costs = 1): number {
  let turns = 0;
  for (let now = from; ; turns++) {
    now += pace.waitOf({ caller, costs, patienceMs: Infinity, now })!;
    if (now >= from + milliseconds) return turns;
    now += 1;
  }
}

/** As after half a second of a busy loop and more. */
function pressed(now: number): Pace {
  const pace = new Pace();
  for (let look = 0; look < 8; look++) pace.look(1, now);
  return pace;
}

const ask = (pace: Pace, caller: string, now: number): void =>
  void pace.waitOf({ caller, costs: 1, patienceMs: Infinity, now });

test.each([
  ['a busy loop halves it', MOST, 0.95, MOST / 2],
  ['never below what people need', LEAST, 1, LEAST],
  ['a calm one lets go, bit by bit', 100, 0.3, 107],
  ['up to where it is no limit', MOST, 0, MOST],
  ['in between it stays', 50, 0.8, 50],
])('%s', (_, pace, busy, next) => expect(nextPace(pace, busy)).toBe(next));

test('while the loop is calm nobody waits, however fast they ask', () => {
  const pace = new Pace();
  ask(pace, 'admin', 0);
  expect(turnsOf(pace, 'greedy', 0, SECOND)).toBe(SECOND);
});

test('who asks alone is never slowed down, however busy they make it', () => {
  expect(turnsOf(pressed(0), 'greedy', 0, SECOND)).toBe(SECOND);
});

test('while it is busy one caller has a burst and then so many a second, and another does not wait', () => {
  const pace = pressed(0);
  ask(pace, 'admin', 0);
  const greedy = turnsOf(pace, 'greedy', 0, 5 * SECOND);
  expect(greedy).toBeGreaterThanOrEqual(5 * LEAST);
  expect(greedy).toBeLessThanOrEqual(5 * LEAST + 16);
  expect(pace.waitOf({ caller: 'admin', costs: 1, patienceMs: 0, now: 5 * SECOND })).toBe(0);
});

test('what costs more comes less often', () => {
  const pace = pressed(0);
  ask(pace, 'admin', 0);
  turnsOf(pace, 'greedy', 0, SECOND, 3);
  expect(turnsOf(pace, 'greedy', SECOND, 3 * SECOND, 3)).toBeLessThanOrEqual(LEAST + 1);
});

test('what would wait longer than anybody does is refused, and does not put off what comes after it', () => {
  const pace = pressed(0);
  ask(pace, 'admin', 0);
  const waits = Array.from({ length: 300 }, () =>
    pace.waitOf({ caller: 'greedy', costs: 1, patienceMs: 10_000, now: 0 }),
  );
  expect(waits.filter((wait) => wait === null).length).toBeGreaterThan(50);
  expect(Math.max(...waits.map(Number))).toBeLessThanOrEqual(10_000);
  expect(pace.waitOf({ caller: 'greedy', costs: 1, patienceMs: 10_000, now: 1_000 })).not.toBeNull();
});

test('once the other has gone, who is left asks alone; nobody is remembered for good', () => {
  const pace = pressed(0);
  ask(pace, 'admin', 0);
  turnsOf(pace, 'greedy', 0, SECOND);
  pace.look(1, 9 * SECOND);
  expect(turnsOf(pace, 'greedy', 9 * SECOND, SECOND)).toBeLessThan(2 * 16 + LEAST);
  pace.look(1, 12 * SECOND);
  expect(turnsOf(pace, 'greedy', 12 * SECOND, SECOND)).toBe(SECOND);
});
