import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Clock } from '../common/clock.js';
import type { Config } from '../config/config.js';
import { KeptAnswers, type Asked, type Earlier } from './kept-answers.js';

const KB = 1024;
const request = Buffer.from('{}');

let database: TestDatabase;
let kept: KeptAnswers;
beforeAll(async () => {
  database = await createTestDatabase();
  kept = new KeptAnswers(database.dataSource, new Clock(), { secrets: { jwtSecret: 'a secret' } } as Config);
});
afterAll(() => database.drop());

/** Answers a request for the first time, and says what the second is told. */
async function again(answer: unknown): Promise<Earlier | null> {
  const asked: Asked = { callerId: randomUUID(), rights: 'all', route: 'POST /x', key: 'k', address: '/x' };
  expect(await kept.begin(asked, request)).toBeNull();
  await kept.keep(asked, answer);
  kept.end(asked);
  return kept.begin(asked, request);
}

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a little', { id: 'x' }],
  ['much', ['x'.repeat(63 * KB)]],
])('an answer of %s is given again', async (_, answer) => {
  expect((await again(answer))?.body).toEqual(answer);
});

test.each<[string, unknown]>([
  ['too many letters', ['x'.repeat(64 * KB)]],
  ['letters that are long', ['☎'.repeat(22 * KB)]],
  ['many rows', Array.from({ length: 5_000 }, (_, row) => ({ row, problem: 'no number' }))],
])('one of %s is not kept, and never done again', async (_, answer) => {
  await expect(again(answer)).rejects.toMatchObject({ code: 'IDEMPOTENCY_UNKNOWN' });
  const [{ bytes }] = await database.dataSource.query<[{ bytes: number }]>(
    'SELECT max(length(answer)) AS bytes FROM idempotency_keys',
  );
  expect(bytes).toBeLessThan(65 * KB);
});
