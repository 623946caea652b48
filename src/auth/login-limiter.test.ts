import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Limiters } from '../common/limiters.js';
import { TooManyAttempts } from '../common/too-many-attempts.js';
import { LoginLimiter } from './login-limiter.js';

const MINUTE = 60_000;
const start = Date.now();
let now: number;
let limiter: LoginLimiter;

beforeEach(() => {
  now = start;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  limiter = new LoginLimiter(new Limiters());
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** How many of so many attempts were let through. */
async function admitted(attempts: number, email: (index: number) => string, address: (index: number) => string) {
  let count = 0;
  for (let index = 0; index < attempts; index++) {
    try {
      await limiter.admit(email(index), address(index));
      count++;
    } catch (error) {
      expect(error).toBeInstanceOf(TooManyAttempts);
    }
  }
  return count;
}

const owner = () => 'owner@example.com';
const home = () => '198.51.100.7';
const anywhere = (index: number) => `203.0.${index >> 8}.${index & 255}`;

test('ten guesses at one account from one address, then none for a quarter of an hour', async () => {
  expect(await admitted(50, owner, home)).toBe(10);
  now += 14 * MINUTE;
  expect(await admitted(1, owner, home)).toBe(0);
  now += 2 * MINUTE;
  expect(await admitted(1, owner, home)).toBe(1);
});

test('says when the next attempt is possible', async () => {
  await admitted(10, owner, home);
  now += 5 * MINUTE;
  await expect(limiter.admit(owner(), home())).rejects.toMatchObject({ retryAfterSeconds: 600, httpStatus: 429 });
});

test('parallel guesses count before the first answer', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, () => limiter.admit(owner(), home())));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
});

test('an attacker elsewhere cannot lock the owner out', async () => {
  await admitted(5000, owner, () => '203.0.113.1');
  expect(await admitted(1, owner, home)).toBe(1);
});

test('not even from ten thousand addresses, each of which then gets two guesses', async () => {
  await admitted(10_000, owner, anywhere);
  expect(await admitted(10, owner, home)).toBe(2);
});

test('one address cannot try many accounts without end', async () => {
  expect(await admitted(500, (index) => `user${index}@example.com`, home)).toBe(100);
});

test('an address refused at one account may still log in to another', async () => {
  await admitted(500, owner, home);
  expect(await admitted(1, () => 'colleague@example.com', home)).toBe(1);
});

test('a right password clears what was counted', async () => {
  for (let round = 0; round < 300; round++) {
    await limiter.admit(owner(), home());
    await limiter.forgive(owner(), home());
  }
  expect(await admitted(50, owner, home)).toBe(10);
});

test('browsers that are known share sixty an hour, whatever strangers do, and right passwords cost nothing', async () => {
  await admitted(1_000, owner, anywhere);
  const tried = async (browser: string): Promise<boolean> =>
    limiter.admit(owner(), home(), browser).then(
      () => true,
      () => false,
    );
  for (let nth = 0; nth < 100; nth++) {
    expect(await tried('browser of the owner')).toBe(true);
    await limiter.forgive(owner(), home(), 'browser of the owner');
  }
  let count = 0;
  for (let nth = 0; nth < 1_000; nth++) if (await tried(`browser ${nth}`)) count++;
  expect(count).toBe(60);
  expect(await limiter.left(owner(), home(), 'browser of the owner')).toContainEqual(
    expect.objectContaining({ name: 'login-known', left: expect.any(Number), windowSeconds: 3_600 }),
  );
  now += 61 * MINUTE;
  expect(await tried('browser of the owner')).toBe(true);
});
