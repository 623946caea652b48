import { Injector, runInInjectionContext, type DestroyableInjector } from '@angular/core';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { gathered } from './gathered';

let injector: DestroyableInjector;
const page = (read: () => Promise<void>): (() => void) => runInInjectionContext(injector, () => gathered(read));

beforeEach(() => {
  jest.useFakeTimers();
  injector = Injector.create({ providers: [] });
});
afterEach(() => void jest.useRealTimers());

test('a thousand pages that are told in one moment ask once each, and not in one moment', async () => {
  const asked: number[] = [];
  const begun = Date.now();
  const pages = Array.from({ length: 1_000 }, () => page(async () => void asked.push(Date.now() - begun)));
  for (let times = 0; times < 5; times += 1) for (const told of pages) told();
  await jest.advanceTimersByTimeAsync(299);
  expect(asked).toEqual([]);
  await jest.advanceTimersByTimeAsync(2_100);
  expect(asked).toHaveLength(1_000);
  const busiest = Math.max(
    ...Array.from({ length: 24 }, (_, tenth) => asked.filter((at) => Math.floor(at / 100) === tenth).length),
  );
  // 50 on average.
  expect(busiest).toBeLessThan(150);
});

test('what is told while it is read is read after that', async () => {
  let answer = (): void => undefined;
  const read = jest.fn(() => new Promise<void>((resolve) => (answer = resolve)));
  const told = page(read);
  told();
  await jest.advanceTimersByTimeAsync(2_400);
  told();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(read).toHaveBeenCalledTimes(1);
  answer();
  await jest.advanceTimersByTimeAsync(2_400);
  expect(read).toHaveBeenCalledTimes(2);
});

test('what could not be read is tried ever later until it works, or nobody looks any more', async () => {
  let isAway = true;
  const read = jest.fn(() => (isAway ? Promise.reject(new Error('no network')) : Promise.resolve()));
  const told = page(read);
  told();
  await jest.advanceTimersByTimeAsync(60_000);
  const tries = read.mock.calls.length;
  expect(tries).toBeGreaterThan(2);
  expect(tries).toBeLessThan(12);
  isAway = false;
  await jest.advanceTimersByTimeAsync(120_000);
  const worked = read.mock.calls.length;
  await jest.advanceTimersByTimeAsync(600_000);
  expect(read).toHaveBeenCalledTimes(worked);
  isAway = true;
  told();
  await jest.advanceTimersByTimeAsync(2_400);
  injector.destroy();
  const atEnd = read.mock.calls.length;
  await jest.advanceTimersByTimeAsync(600_000);
  expect(read).toHaveBeenCalledTimes(atEnd);
});
