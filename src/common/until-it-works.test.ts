import { expect, test } from '@jest/globals';
import { keptOnceItWorks, NotKept, untilItWorks } from './until-it-works.js';

const FOR_EVER_MS = 3_600_000;

/** Work that fails so often before it works, and what was heard of it. */
function begin({ failures, pauseMs }: { failures: number; pauseMs: number }) {
  const stop = new AbortController();
  const failed = Promise.withResolvers<void>();
  const told: unknown[] = [];
  const triedAt: number[] = [];
  const done = untilItWorks(
    () =>
      triedAt.push(performance.now()) > failures
        ? Promise.resolve()
        : Promise.reject(new Error(`away ${triedAt.length}`)),
    {
      pauseMs,
      signal: stop.signal,
      onFailure: (error) => {
        told.push(error);
        failed.resolve();
      },
    },
  );
  return { stop, failed: failed.promise, told, done, triedAt };
}

test('what works at once is done once, and says nothing', async () => {
  const work = begin({ failures: 0, pauseMs: FOR_EVER_MS });
  expect(await work.done).toBe(true);
  expect([work.triedAt.length, work.told]).toEqual([1, []]);
});

test('what fails is tried again after the pause, and each failure told', async () => {
  const work = begin({ failures: 2, pauseMs: 20 });
  expect(await work.done).toBe(true);
  expect(work.told).toEqual([new Error('away 1'), new Error('away 2')]);
  const [first, second, third] = work.triedAt;
  // Timers count whole milliseconds.
  expect(Math.min(second! - first!, third! - second!)).toBeGreaterThan(18);
});

test('the end of the process cuts the pause short', async () => {
  const work = begin({ failures: Infinity, pauseMs: FOR_EVER_MS });
  await work.failed;
  work.stop.abort();
  expect(await work.done).toBe(false);
  expect(work.triedAt).toHaveLength(1);
});

test('a try that is under way when the process ends is waited for, and is the last', async () => {
  const stop = new AbortController();
  const trying = Promise.withResolvers<void>();
  let tries = 0;
  const done = untilItWorks(() => (tries++, trying.promise), { pauseMs: 1, signal: stop.signal });
  stop.abort();
  trying.reject(new Error('away'));
  expect(await done).toBe(false);
  expect(tries).toBe(1);
});

test('where the process has ended already it is tried once all the same', async () => {
  const ended = AbortSignal.abort();
  expect(await untilItWorks(() => Promise.resolve(), { pauseMs: 1, signal: ended })).toBe(true);
  expect(await untilItWorks(() => Promise.reject(new Error('away')), { pauseMs: FOR_EVER_MS, signal: ended })).toBe(
    false,
  );
});

test('who waits for what is to be kept hears where it is not', async () => {
  const ended = AbortSignal.abort();
  await keptOnceItWorks(() => Promise.resolve(), { pauseMs: 1, signal: ended });
  await expect(
    keptOnceItWorks(() => Promise.reject(new Error('away')), { pauseMs: FOR_EVER_MS, signal: ended }),
  ).rejects.toThrow(NotKept);
});
