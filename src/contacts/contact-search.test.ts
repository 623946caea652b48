import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { FindContactsByAPart1763742000000 } from '../database/migrations/1763742000000-find-contacts-by-a-part.js';
import { ContactList } from './contact-list.js';
import { SearchIndex } from './search-index.js';

const CONTACTS = 30_000;
const CHUNK = 3_000;
const outletId = randomUUID();

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  const { dataSource } = database;
  await dataSource.query(
    `INSERT INTO outlets (id, name, whatsapp_number, created_at, updated_at) VALUES ($1, 'Besar', '628110000', now(), now())`,
    [outletId],
  );
  // Each name is a hash, so that a part of one is in few others.
  for (let from = 1; from < CONTACTS; from += CHUNK)
    await dataSource.query(
      `INSERT INTO contacts (id, outlet_id, number, name)
       SELECT gen_random_uuid(), $1, (628120000000 + n)::text, 'Toko ' || md5(n::text)
       FROM generate_series($2::int, $3::int) n`,
      [outletId, from, from + CHUNK - 1],
    );
  await dataSource.query('VACUUM ANALYZE contacts');
});
afterAll(() => database.drop());
afterEach(() => {
  jest.restoreAllMocks();
});

const FOURTH = 'a87ff679a2f3e71d9181a67b7542122c';

/** What PostgreSQL says it would do for every statement that a search runs. */
async function plansOf(search: string): Promise<string[]> {
  const { dataSource } = database;
  const plans: string[] = [];
  const query = dataSource.query.bind(dataSource);
  jest.spyOn(dataSource, 'query').mockImplementation(async (sql, values) => {
    const rows = await query<{ 'QUERY PLAN': string }[]>(`EXPLAIN ${sql}`, values as unknown[]);
    plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
    return query(sql, values as unknown[]);
  });
  await new ContactList(dataSource).page(outletId, { search, limit: 50 });
  jest.restoreAllMocks();
  return plans;
}

test.each([
  ['a part of a name', FOURTH.slice(0, 12), 'contacts_name_parts'],
  ['a part of a number', '0000004', 'contacts_number_parts'],
  ['a number as people dial it', '0812 0000 0004', 'contacts_number_parts'],
])('%s is found by the index, in the page and in the count', async (_, search, index) => {
  const plans = await plansOf(search);
  expect(plans).toHaveLength(2);
  for (const plan of plans) expect(plan).toContain(index);
});

test('where the extension cannot be made the same is found, and the log says what is missing', async () => {
  const { dataSource } = database;
  const list = new ContactList(dataSource);
  const find = async () => [
    await list.page(outletId, { search: FOURTH.slice(3, 20).toUpperCase(), limit: 50 }),
    await list.page(outletId, { search: '628120000004', limit: 50 }),
    await list.page(outletId, { search: 'a8', limit: 3 }),
  ];
  const warn = jest.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
  const before = await find();
  await new SearchIndex(dataSource).onApplicationBootstrap();
  expect(warn).not.toHaveBeenCalled();
  const migration = new FindContactsByAPart1763742000000();
  const runner = dataSource.createQueryRunner();
  await migration.down(runner);
  await runner.query('DROP EXTENSION pg_trgm');
  // A role that may look and write, and make nothing new.
  const role = `small_${randomUUID().replaceAll('-', '')}`;
  await runner.query(`CREATE ROLE ${role}`);
  await runner.query(`SET ROLE ${role}`);
  await migration.up(runner);
  await runner.query('RESET ROLE');
  await runner.query(`DROP ROLE ${role}`);
  await new SearchIndex(dataSource).onApplicationBootstrap();
  expect(warn).toHaveBeenCalledTimes(1);
  expect(await find()).toEqual(before);
  expect(before.map(({ count }) => count > 0)).toEqual([true, true, true]);
  await migration.up(runner);
  await runner.release();
  await new SearchIndex(dataSource).onApplicationBootstrap();
  expect(warn).toHaveBeenCalledTimes(1);
});
