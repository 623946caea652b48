import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Gaps } from './gaps.js';

let looks: number;
let gaps: Gaps;
beforeEach(() => {
  jest.useFakeTimers();
  looks = 0;
  gaps = new Gaps(() => looks++);
});
afterEach(() => void jest.useRealTimers());

test('a gap is looked after at once', () => {
  gaps.tell();
  expect(looks).toBe(1);
});

test('the gaps of nodes that come back together are looked after twice: what the last one lost counts too', () => {
  for (let node = 0; node < 30; node++) gaps.tell();
  expect(looks).toBe(1);
  jest.advanceTimersByTime(1_000);
  expect(looks).toBe(2);
  jest.advanceTimersByTime(60_000);
  expect(looks).toBe(2);
});

test('whoever tells of gaps all the time has one looked after each second', () => {
  for (let ms = 0; ms < 5_000; ms += 100) {
    gaps.tell();
    jest.advanceTimersByTime(100);
  }
  expect(looks).toBe(6);
});

test('nobody looks once the bus is closed', () => {
  gaps.tell();
  gaps.tell();
  gaps.close();
  jest.advanceTimersByTime(60_000);
  expect(looks).toBe(1);
});
