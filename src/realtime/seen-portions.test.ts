import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { SeenPortions } from './seen-portions.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `outlet ${index}`);

function portions() {
  const told: (readonly string[])[] = [];
  return { told, seen: new SeenPortions((outletIds) => told.push(outletIds)) };
}

test.each([
  { outlets: 1, sizes: [1] },
  { outlets: 50, sizes: [50] },
  { outlets: 51, sizes: [50, 1] },
  { outlets: 1_000, sizes: Array<number>(20).fill(50) },
  { outlets: 5_000, sizes: Array<number>(20).fill(250) },
])('$outlets outlets, each once, the first at once and all within ten seconds', ({ outlets, sizes }) => {
  const { told, seen } = portions();
  seen.add(names(outlets));
  expect(told).toEqual([names(outlets).slice(0, sizes[0])]);
  jest.advanceTimersByTime(10_000);
  expect(told.map(({ length }) => length)).toEqual(sizes);
  expect(told.flat()).toEqual(names(outlets));
});

test('an outlet that is seen again before it was told of is told of once', () => {
  const { told, seen } = portions();
  seen.add(names(120));
  seen.add(names(120));
  jest.advanceTimersByTime(10_000);
  // The first fifty had been told of already.
  expect(told.flat().toSorted()).toEqual([...names(120), ...names(50)].toSorted());
});

test('nothing is told once it ended', () => {
  const { told, seen } = portions();
  seen.add(names(60));
  seen.end();
  jest.advanceTimersByTime(10_000);
  expect(told).toHaveLength(1);
});
