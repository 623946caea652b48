import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { LoginLimiter } from '../auth/login-limiter.js';
import { SharedAttempts } from './attempts/shared-attempts.js';
import { consume, Limiters, type Limiter } from './limiters.js';

const TEN = { keyPrefix: 'ten', points: 10, duration: 900 };
const owner = 'owner@example.com';
const home = '198.51.100.7';

let database: TestDatabase;
/** How many statements were asked of the database by each node, and whether it answers. */
let statements: number[];
let isAway: boolean;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  statements = [];
  isAway = false;
  await database.dataSource.query('TRUNCATE attempts');
});

/** The limits as one more node counts them. */
function node(): Limiters {
  const at = statements.push(0) - 1;
  const query = <T>(sql: string, values?: unknown[]): Promise<T> => {
    statements[at]!++;
    return isAway ? Promise.reject(new Error('Connection terminated')) : database.dataSource.query<T>(sql, values);
  };
  return new Limiters(new SharedAttempts({ query: query as TestDatabase['dataSource']['query'] }));
}

/** How many of these were let through. */
const admitted = async (attempts: readonly Promise<unknown>[]): Promise<number> =>
  (await Promise.allSettled(attempts)).filter(({ status }) => status === 'fulfilled').length;

const times = <T>(count: number, work: (nth: number) => T): T[] => Array.from({ length: count }, (_, nth) => work(nth));

test('two nodes together refuse what one would, one after the other and all at once', async () => {
  const nodes = [new LoginLimiter(node()), new LoginLimiter(node())];
  let count = 0;
  for (let nth = 0; nth < 14; nth++) count += await admitted([nodes[nth % 2]!.admit(owner, home)]);
  expect(count).toBe(10);
  const others = times(80, (nth) => nodes[nth % 2]!.admit('other@example.com', home));
  expect(await admitted(others)).toBe(10);
});

test('an attempt is one statement, whatever it takes of how many limits, and so is a right password', async () => {
  const limiter = new LoginLimiter(node());
  await limiter.requireLeft(home);
  await limiter.admit(owner, home);
  await limiter.left(owner, home);
  expect(statements).toEqual([1]);
  await limiter.forgive(owner, home);
  expect(statements).toEqual([2]);
});

test('what a day has is counted in the database by who is alone too, and no restart begins it anew', async () => {
  const add = new SharedAttempts(database.dataSource);
  const day = { keyPrefix: 'a-day', points: 10, duration: 86_400 };
  const process = (): Limiters => new Limiters(add, true);
  for (let nth = 0; nth < 10; nth++) await consume([process().of(day), 'sari']);
  await expect(consume([process().of(day), 'sari'])).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
  // Passwords and the like are counted in memory, and wait for nothing.
  const [{ count }] = await database.dataSource.query<[{ count: number }]>('SELECT count(*)::int FROM attempts');
  await consume([process().of(TEN), 'sari']);
  expect(await database.dataSource.query('SELECT count(*)::int FROM attempts')).toEqual([{ count }]);
});

test('a thousand attempts at once are a few statements', async () => {
  const limiter = new LoginLimiter(node());
  await admitted(times(1_000, (nth) => limiter.admit(`user${nth}@example.com`, `203.0.${nth % 7}.${nth % 250}`)));
  expect(statements[0]).toBeLessThan(20);
});

test('what one node gives back, every node may take again, and nobody gets more than there is', async () => {
  const [one, other] = [node().of(TEN), node().of(TEN)];
  await other.delete('key');
  await other.reward('key', 5);
  const take = (limiter: Limiter): Promise<unknown> => consume([limiter, 'key']);
  expect(await admitted(times(15, () => take(one)))).toBe(10);
  await one.reward('key', 6);
  await other.delete('key');
  expect(await admitted(times(15, (nth) => take(nth % 2 ? one : other)))).toBe(10);
});

test('an address that others have forgiven is not refused by what was counted here before', async () => {
  const [one, other] = [new LoginLimiter(node()), new LoginLimiter(node())];
  const users = times(100, (nth) => `user${nth}@example.com`);
  await Promise.all(users.map((email) => one.admit(email, home)));
  await expect(one.requireLeft(home)).rejects.toMatchObject({ httpStatus: 429 });
  await other.forgive(users[0]!, home);
  await one.requireLeft(home);
  await one.admit(owner, home);
  await expect(one.requireLeft(home)).rejects.toMatchObject({ httpStatus: 429 });
  isAway = true;
  await expect(one.requireLeft(home)).rejects.toMatchObject({ httpStatus: 429 });
});

test('a limit that refuses costs nothing of those after it', async () => {
  const limiters = node();
  const [first, second] = [limiters.of(TEN), limiters.of({ ...TEN, keyPrefix: 'next' })];
  await admitted(times(30, () => consume([first, 'key'], [second, 'key'])));
  expect(await second.penalty('key')).toMatchObject({ consumedPoints: 11 });
});

test('while the database is away a node goes on from what it knows, and again together afterwards', async () => {
  const [one, other] = [node().of(TEN), node().of(TEN)];
  await admitted(times(6, (nth) => consume([nth % 2 ? one : other, 'key'])));
  await consume([one, 'key']);
  isAway = true;
  expect(await admitted(times(9, () => consume([one, 'key'])))).toBe(3);
  isAway = false;
  expect(await admitted(times(9, () => consume([other, 'key'])))).toBe(3);
});

test('it counts anew after its time, by the clock of the database', async () => {
  const limiter = node().of(TEN);
  const tried = await limiter.penalty('key', 11);
  expect(tried.msBeforeNext).toBeGreaterThan(800_000);
  await expect(consume([limiter, 'key'])).rejects.toMatchObject({ httpStatus: 429 });
  await database.dataSource.query('UPDATE attempts SET expires_at = now()');
  expect(await limiter.penalty('key')).toMatchObject({ consumedPoints: 1 });
});

test('whose attempts they were is not to be read in the database', async () => {
  await new LoginLimiter(node()).admit(owner, home);
  const rows = await database.dataSource.query<{ key: string }[]>('SELECT key FROM attempts');
  expect(rows).toHaveLength(3);
  for (const { key } of rows) expect(key).toMatch(/^[\w-]{43}$/);
});
