import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { Clock } from '../../common/clock.js';
import { Turns } from './turns.js';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let turns: Turns;

beforeAll(async () => {
  database = await createTestDatabase();
  turns = new Turns(database.dataSource, new Clock());
});
afterAll(async () => {
  await turns.stop();
  await database.drop();
});

test('a turn that was asked for during one that ends with tomorrow says itself when the next comes', async () => {
  const clock = new Clock();
  const [begun, mayEnd, third] = [0, 1, 2].map(() => Promise.withResolvers<void>());
  let nth = 0;
  await turns.start([randomUUID()], async () => {
    nth++;
    if (nth === 1) {
      begun?.resolve();
      await mayEnd?.promise;
      return clock.now() + DAY_MS;
    }
    if (nth === 2) return clock.now() + 300;
    third?.resolve();
    return null;
  });
  await begun?.promise;
  const [{ outletId }] = await database.dataSource.query<[{ outletId: string }]>(
    `SELECT data ->> 'outletId' AS "outletId" FROM pgboss.job WHERE name = 'blast-turn'`,
  );
  await turns.wake([outletId]);
  await eventually('the second turn waits for the first', async () => {
    const active = `SELECT 1 FROM pgboss.job WHERE name = 'blast-turn' AND state = 'active'`;
    return (await database.dataSource.query<object[]>(active)).length === 2;
  });
  mayEnd?.resolve();
  await third?.promise;
  expect(nth).toBe(3);
});
