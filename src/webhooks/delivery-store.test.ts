import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Clock } from '../common/clock.js';
import { DeliveryStore, FAR_BEHIND_SQL, NEXT_SQL, TAKE_SQL, type Due } from './delivery-store.js';
import type { Outcome } from './domain/verdict.js';

const HOUR = 3_600_000;
const LEASE_MS = 10_000;
const RETRY_MS = 5_000;
const refused: Outcome = { status: 503, fault: null, retryAfterMs: null };
const taken: Outcome = { status: 204, fault: null, retryAfterMs: null };

/** A wall that is set. */
class SetClock extends Clock {
  ahead = 0;

  override wall(): number {
    return super.wall() + this.ahead;
  }
}

let database: TestDatabase;
let clock: SetClock;
let store: DeliveryStore;

beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.drop());
beforeEach(() => {
  clock = new SetClock();
  store = new DeliveryStore(database.dataSource, clock);
});
afterEach(() => database.dataSource.query('DELETE FROM webhooks'));

async function webhook(host = 'toko.example'): Promise<string> {
  const id = randomUUID();
  await database.dataSource.query(
    `INSERT INTO webhooks (id, owner_id, owner_name, host, events, key_id, wrapped_key, sealed, after_cursor, created_at)
     VALUES ($1, gen_random_uuid(), 'Ani', $2, '{}', 'k', '', '', 0, now())`,
    [id, host],
  );
  return id;
}

/** So many events, dealt out to lanes in turn. */
const events = (webhookId: string, count: number, lanes: number): Promise<unknown> =>
  database.dataSource.query(
    `INSERT INTO webhook_deliveries (id, webhook_id, type, lane, at, data)
     SELECT gen_random_uuid(), $1, 'outlet.status.changed', 'lane ' || n % $3, now(), '{}'
     FROM generate_series(1, $2::int) n`,
    [webhookId, count, lanes],
  );
const take = (underWay: Due[] = []): Promise<Due[]> => store.take(underWay, LEASE_MS);
const settle = (due: Due, outcome: Outcome) =>
  store.settle(
    due,
    outcome,
    { at: new Date(clock.wall()).toISOString(), status: outcome.status, fault: null, durationMs: 1 },
    RETRY_MS,
  );

test('what was cut off is taken again at once, and says nothing of its receiver', async () => {
  const id = await webhook();
  await events(id, 1, 1);
  const [due] = await take();
  expect(await take()).toEqual([]);
  await store.letGo(due!);
  expect(await take()).toMatchObject([{ id: due!.id }]);
  expect(await database.dataSource.query('SELECT failures FROM webhooks WHERE id = $1', [id])).toEqual([
    { failures: 0 },
  ]);
});

describe('a clock that is set', () => {
  test.each([-2, -72, 2, 200])('by %i hours makes nobody wait for longer', async (hours) => {
    await events(await webhook(), 1, 1);
    const [due] = await take();
    await settle(due!, refused);
    expect(await take()).toEqual([]);
    clock.ahead = hours * HOUR;
    await store.stopWaiting();
    expect(await take()).toHaveLength(1);
  });

  test('back while nobody was here makes nobody wait, away or not', async () => {
    const [there, away] = [await webhook(), await webhook('jauh.example')];
    for (const id of [there, away]) await events(id, 1, 1);
    for (const due of await take()) await settle(due, refused);
    await database.dataSource.query(`UPDATE webhooks SET failures = 9, not_before = $2 WHERE id = $1`, [
      away,
      new Date(clock.wall() + HOUR),
    ]);
    clock.ahead = -5 * HOUR;
    expect(await take()).toEqual([]);
    await store.stopWaitingForThePast();
    expect(await take()).toHaveLength(2);
  });

  test('and a start that finds it unset leaves waits as they are', async () => {
    await events(await webhook(), 1, 1);
    const [due] = await take();
    await settle(due!, refused);
    await store.stopWaitingForThePast();
    expect(await take()).toEqual([]);
  });

  test.each([-3, 3])('by %i hours sends nothing twice that is under way', async (hours) => {
    await events(await webhook(), 2, 1);
    const underWay = await take();
    expect(underWay).toHaveLength(1);
    clock.ahead = hours * HOUR;
    expect(await take(underWay)).toEqual([]);
  });

  test('back does not keep what a dead process had', async () => {
    await events(await webhook(), 1, 1);
    expect(await take()).toHaveLength(1);
    expect(await take()).toEqual([]);
    clock.ahead = -3 * HOUR;
    expect(await take()).toHaveLength(1);
  });
});

test('in each lane the oldest goes, four at one host, and the next once it was taken', async () => {
  const id = await webhook();
  await events(id, 30, 10);
  const first = await take();
  expect(first).toHaveLength(4);
  expect(await take(first)).toEqual([]);
  await settle(first[0]!, taken);
  const next = await take(first.slice(1));
  expect(next).toHaveLength(1);
});

test('who is away is asked one event at a time', async () => {
  const id = await webhook();
  await events(id, 30, 10);
  await database.dataSource.query('UPDATE webhooks SET failures = 3 WHERE id = $1', [id]);
  const [one, ...others] = await take();
  expect(others).toEqual([]);
  expect(await take([one!])).toEqual([]);
  expect(await take()).toEqual([]);
  await settle(one!, taken);
  expect(await take()).toHaveLength(4);
});

test('the next look is at the end of the shortest wait', async () => {
  expect(await store.nextDueIn(clock.wall())).toBeNull();
  await events(await webhook(), 2, 2);
  const [due] = await take();
  await settle(due!, refused);
  const dueIn = await store.nextDueIn(clock.wall());
  expect(dueIn).toBeGreaterThan(0.7 * RETRY_MS);
  expect(dueIn).toBeLessThanOrEqual(1.2 * RETRY_MS);
});

describe('however much waits', () => {
  const WAITING = 60_000;
  const LANES = 50;
  interface Plan {
    'Relation Name'?: string;
    'Actual Rows': number;
    'Actual Loops': number;
    'Rows Removed by Filter'?: number;
    Plans?: Plan[];
  }

  /** Rows of the outbox that a statement reads. */
  async function reads(sql: string, values: unknown[]): Promise<number> {
    const runner = database.dataSource.createQueryRunner();
    await runner.startTransaction();
    const [row] = (await runner.query(`EXPLAIN (ANALYZE, FORMAT JSON) ${sql}`, values)) as {
      'QUERY PLAN': [{ Plan: Plan }];
    }[];
    await runner.rollbackTransaction();
    await runner.release();
    const count = (plan: Plan): number => {
      const isOutbox = plan['Relation Name'] === 'webhook_deliveries';
      const own = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
      return (isOutbox ? own : 0) + (plan.Plans ?? []).map(count).reduce((sum, rows) => sum + rows, 0);
    };
    return count(row!['QUERY PLAN'][0].Plan);
  }

  beforeEach(async () => {
    for (const host of ['satu.example', 'dua.example']) await events(await webhook(host), WAITING / 2, LANES);
    await database.dataSource.query('ANALYZE webhook_deliveries');
  });

  test('looking for what is due reads a few of each lane, and for the next wait none', async () => {
    const now = new Date(clock.wall());
    const values = [now, new Date(+now + LEASE_MS), [], 3, '{}', 4, 16];
    const rows = await reads(TAKE_SQL, values);
    expect(rows).toBeGreaterThan(2 * LANES);
    expect(rows).toBeLessThan(8 * LANES);
    expect(await reads(NEXT_SQL, [now, 3])).toBeLessThan(10);
  });

  test('who is far behind is paused, and counted no further than that', async () => {
    expect(await reads(FAR_BEHIND_SQL, [new Date(), 100_000])).toBeLessThan(10);
    expect(await reads(FAR_BEHIND_SQL, [new Date(), 1_000])).toBeLessThan(2 * 1_000 + 100);
    const [paused] = await database.dataSource.query<[{ host: string }[], number]>(FAR_BEHIND_SQL, [
      new Date(),
      WAITING / 2 - 1,
    ]);
    expect(paused.map(({ host }) => host).sort()).toEqual(['dua.example', 'satu.example']);
  });
});
