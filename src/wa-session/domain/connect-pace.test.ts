import { expect, test } from '@jest/globals';
import { burstAt, faster, slower, startingPace, type Pace } from './connect-pace.js';

const CEILING = 100;

/** How many logins a WhatsApp that takes `limit` a second has to refuse while a thousand come back, and how long that takes. */
function restart(limit: number): { seconds: number; refused: number; asked: number[] } {
  let pace: Pace = startingPace(CEILING);
  let tokens = 30;
  let [left, refused] = [1_000, 0];
  const asked: number[] = [];
  for (let now = 0; left > 0; now += 1_000) {
    let [taken, tried] = [0, 0];
    for (let tick = 0; tick < 100; tick++) {
      tokens = Math.min(burstAt(pace, 30, CEILING), tokens + pace.rate / 100);
      for (; tokens >= 1 && left > 0; tokens--) {
        tried++;
        if (taken < limit) {
          taken++;
          left--;
          pace = faster(pace, CEILING, now + tick * 10, 1);
        } else {
          refused++;
          pace = slower(pace, now + tick * 10);
        }
      }
    }
    asked.push(tried);
  }
  return { seconds: asked.length, refused, asked };
}

test('a thousand outlets are back within 12 s where WhatsApp answers well', () => {
  expect(restart(Infinity)).toMatchObject({ seconds: expect.any(Number), refused: 0 });
  expect(restart(Infinity).seconds).toBeLessThanOrEqual(12);
});

test.each([3, 8, 20, 50])('a WhatsApp that takes %d a second is never stormed', (limit) => {
  const { refused, asked } = restart(limit);
  expect(refused / (1_000 + refused)).toBeLessThan(0.35);
  expect(Math.max(...asked.slice(5))).toBeLessThanOrEqual(2 * limit + 10);
});

test('refusals of one moment halve the pace once, later ones again, and never below one a second', () => {
  let pace = slower(startingPace(CEILING), 0);
  expect(pace.rate).toBe(5);
  pace = slower(pace, 500);
  expect(pace.rate).toBe(5);
  for (let now = 1_000; now < 20_000; now += 1_000) pace = slower(pace, now);
  expect(pace.rate).toBe(1);
});

test('after a cut it grows by one a second at first, and by one an answer once that went well for long', () => {
  const cut = slower({ rate: 20, cutAt: -Infinity }, 0);
  let pace = cut;
  for (let answers = 0; answers < 10; answers++) pace = faster(pace, CEILING, 900, 1);
  expect(pace.rate).toBeCloseTo(11, 0);
  expect(faster(cut, CEILING, 10_000, 1).rate).toBe(11);
});

test.each([
  [1, 1],
  [5, 5],
  [40, 10],
])('the ceiling %d holds from the start', (ceiling, rate) => {
  expect(startingPace(ceiling).rate).toBe(rate);
  let pace = startingPace(ceiling);
  for (let answers = 0; answers < 500; answers++) pace = faster(pace, ceiling, answers, 1);
  expect(pace.rate).toBe(ceiling);
});

test('several nodes, each of which hears its part of the answers, grow together as fast as one does', () => {
  for (const cutAt of [0, -Infinity]) {
    let alone: Pace = { rate: 12, cutAt };
    let each = alone;
    for (let answers = 1; answers <= 40; answers++) {
      alone = faster(alone, CEILING, 1_000, 1);
      if (answers % 4 === 0) each = faster(each, CEILING, 1_000, 4);
    }
    expect(each.rate).toBeCloseTo(alone.rate, 0);
  }
});
