import { expect, test } from '@jest/globals';
import { mapInTurns } from './give-way.js';

/** Holds the loop, as work does. Milliseconds. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('what waits has its turn while much is mapped, and the order stays', async () => {
  const turns: number[] = [];
  let done = 0;
  const waiting = setInterval(() => turns.push(done), 1);
  const mapped = await mapInTurns([...Array(60).keys()], (item) => {
    work(1);
    done++;
    return item * 2;
  });
  clearInterval(waiting);
  expect(mapped).toEqual([...Array(60).keys()].map((item) => item * 2));
  expect(turns.filter((at) => at > 0 && at < 60).length).toBeGreaterThanOrEqual(3);
});

test('what is thrown ends it', async () => {
  const thrower = (): never => {
    throw new Error('not this one');
  };
  await expect(mapInTurns([1], thrower)).rejects.toThrow('not this one');
});
