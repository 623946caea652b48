import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Limiters } from '../common/limiters.js';
import { TooManyAttempts } from '../common/too-many-attempts.js';
import { CodeLimiter, type CodeSource } from './code-limiter.js';
import type { CodeKind } from './recovery-codes.js';

const MINUTE = 60_000;
let now: number;
let limiter: CodeLimiter;

beforeEach(() => {
  now = Date.now();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  limiter = new CodeLimiter(new Limiters());
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** How many of so many wrong codes were looked at. */
async function admitted(
  guesses: number,
  source: (index: number) => CodeSource,
  userId = 'owner',
  kind: CodeKind = 'app',
): Promise<number> {
  let count = 0;
  for (let index = 0; index < guesses; index++) {
    try {
      await limiter.admit(userId, source(index), kind);
      count++;
    } catch (error) {
      expect(error).toBeInstanceOf(TooManyAttempts);
    }
  }
  return count;
}

const browsers = (index: number): CodeSource => ({ known: `browser ${index % 1000}` });
const anywhere = (index: number): CodeSource => ({ address: `203.0.${index >> 8}.${index & 255}` });

test('whoever keeps a thousand cookies of browsers that are known has sixty guesses an hour', async () => {
  expect(await admitted(3_000, browsers)).toBe(60);
  now += 59 * MINUTE;
  expect(await admitted(1, () => ({ known: 'another' }))).toBe(0);
  now += 2 * MINUTE;
  expect(await admitted(1, browsers)).toBe(1);
});

test('strangers and those who are known take nothing from each other, nor from other accounts', async () => {
  expect(await admitted(1_000, anywhere)).toBe(20);
  expect(await admitted(10, () => ({ known: 'sign-in' }))).toBe(10);
  expect(await admitted(1_000, browsers)).toBe(50);
  expect(await admitted(10, browsers, 'colleague')).toBe(10);
});

test('right codes cost nothing, however many come within the hour', async () => {
  for (let nth = 0; nth < 200; nth++) {
    await limiter.admit('owner', browsers(nth), 'app');
    await limiter.forgive('owner', browsers(nth), 'app');
  }
  expect(await admitted(3_000, browsers)).toBe(60);
});

test('recovery codes are looked at when no other is any more, ten from each source, and use up nothing of the others', async () => {
  expect(await admitted(500, anywhere, 'owner', 'recovery')).toBe(500);
  const home = (): CodeSource => ({ address: '198.51.100.7' });
  expect(await admitted(20, home, 'owner', 'recovery')).toBe(10);
  expect(await admitted(500, anywhere)).toBe(20);
  expect(await admitted(500, browsers)).toBe(60);
  const elsewhere = (): CodeSource => ({ address: '198.51.100.8' });
  for (const source of [elsewhere, () => ({ known: 'sign-in' })]) {
    expect(await admitted(1, source)).toBe(0);
    expect(await admitted(20, source, 'owner', 'recovery')).toBe(10);
  }
});
