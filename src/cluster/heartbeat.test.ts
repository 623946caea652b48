import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Heartbeat } from './heartbeat.js';

let told: string[];
let heart: Heartbeat;
let answer: () => Promise<boolean>;
beforeEach(() => {
  jest.useFakeTimers();
  told = [];
  answer = () => Promise.resolve(true);
  heart = new Heartbeat({
    beat: () => {
      told.push('beat');
      return answer();
    },
    onBuried: async () => void told.push('buried'),
    onBlind: () => void told.push('blind'),
    onFence: (suspended) => void told.push(suspended ? 'suspended' : 'resumed'),
  });
  heart.start(performance.now());
});
afterEach(() => {
  heart.stop();
  jest.useRealTimers();
});

const after = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
const heard = (): string[] => told.filter((word) => word !== 'beat');

test('beats every three seconds and may act', async () => {
  await after(9_100);
  expect(told).toEqual(['beat', 'beat', 'beat']);
  expect(heart.isConfirmed).toBe(true);
});

test('without an answer it stops to act eight seconds after the last beat was sent, and asks on', async () => {
  await after(3_000);
  answer = () => Promise.reject(new Error('away'));
  await after(7_900);
  expect([heart.isConfirmed, heard()]).toEqual([true, []]);
  await after(200);
  expect([heart.isConfirmed, heard()]).toEqual([false, ['suspended']]);
  answer = () => Promise.resolve(true);
  await after(500);
  // It saw nothing meanwhile, and says so before it goes on.
  expect([heart.isConfirmed, heard()]).toEqual([true, ['suspended', 'blind', 'resumed']]);
});

test('a fence that lapses between two looks is told all the same, before it is over', async () => {
  // The first beat fails late, so that the next one is confirmed between two looks: at 3,550.
  answer = () => new Promise((_, fail) => setTimeout(() => fail(new Error('away')), 50));
  await after(3_051);
  answer = () => Promise.resolve(true);
  await after(3_600 - 3_051);
  answer = () => Promise.reject(new Error('away'));
  await after(10_000 - 3_600);
  // The one of 10,050 is answered at 11,570, after 8,020 without one and before the look at 11,600.
  answer = () => new Promise((done) => setTimeout(() => done(true), 1_520));
  await after(11_560 - 10_000);
  expect([heart.isConfirmed, heard()]).toEqual([false, []]);
  await after(20);
  expect([heart.isConfirmed, heard()]).toEqual([true, ['suspended', 'resumed']]);
});

test('a beat counts from before it was sent, not from its answer', async () => {
  answer = () => new Promise((done) => setTimeout(() => done(true), 2_900));
  await after(3_000 + 2_900);
  answer = () => new Promise(() => undefined);
  // The one that was confirmed had been sent at 3,000.
  await after(11_000 - 5_900 - 1);
  expect(heart.isConfirmed).toBe(true);
  await after(1);
  expect(heart.isConfirmed).toBe(false);
});

test('an answer that comes too late confirms nothing', async () => {
  answer = () => new Promise((done) => setTimeout(() => done(true), 5_000));
  await after(8_100);
  expect([heart.isConfirmed, heard()]).toEqual([false, ['suspended']]);
});

test('a process that stood still may not act when it wakes up, before any timer ran', () => {
  const start = performance.now();
  jest.spyOn(performance, 'now').mockReturnValue(start + 40_000);
  expect(heart.isConfirmed).toBe(false);
  jest.mocked(performance.now).mockRestore();
});

test('who was buried begins anew before it may act', async () => {
  answer = () => Promise.reject(new Error('stood still'));
  await after(13_000);
  answer = () => Promise.resolve(false);
  await after(500);
  expect(heard()).toEqual(['suspended', 'buried', 'blind', 'resumed']);
  expect(heart.isConfirmed).toBe(true);
});

test('who left beats no more', async () => {
  heart.stop();
  await after(20_000);
  expect(told).toEqual([]);
});
