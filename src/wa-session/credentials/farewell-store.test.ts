import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { KeyEncryptionKey } from '../../common/envelope.js';
import { FarewellStore } from './farewell-store.js';

const NUMBER = '628120000001';
const OTHER = '628120000002';

let database: TestDatabase;
let store: FarewellStore;
let outletId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  store = new FarewellStore(database.dataSource, new KeyEncryptionKey(randomBytes(32)));
});

beforeEach(() => {
  outletId = randomUUID();
});

afterAll(() => database.drop());

/** A link that ended so many days ago; its id. */
async function owe(number = NUMBER, days = 0, of = outletId): Promise<string> {
  const id = randomUUID();
  await database.dataSource.query(
    `INSERT INTO wa_farewell (id, outlet_id, number, key_id, wrapped_key, creds, next_try_at, owed_at)
     VALUES ($1, $2, $3, '', '', '', now(), now() - make_interval(days => $4))`,
    [id, of, number, days],
  );
  return id;
}

const left = async (): Promise<string[]> => {
  const rows = await database.dataSource.query<{ id: string }[]>('SELECT id FROM wa_farewell WHERE outlet_id = $1', [
    outletId,
  ]);
  return rows.map(({ id }) => id);
};

test('a phone owes nothing more once the last of its links is taken, in whatever order', async () => {
  const [first, second] = [await owe(), await owe()];
  await owe(OTHER);
  await owe(NUMBER, 0, randomUUID());
  expect(await store.taken(second, outletId, NUMBER)).toBe(false);
  // Whoever else took it is told the same.
  expect(await store.taken(second, outletId, NUMBER)).toBe(false);
  expect(await store.taken(null, outletId, NUMBER)).toBe(false);
  expect(await store.taken(first, outletId, NUMBER)).toBe(true);
  expect(await left()).toHaveLength(1);
});

test('of links taken at the same time one is the last', async () => {
  const ids = await Promise.all(Array.from({ length: 6 }, () => owe()));
  const taken = await Promise.all(ids.map((id) => store.taken(id, outletId, NUMBER)));
  expect(taken).toContain(true);
  expect(await left()).toEqual([]);
});

test('a link that no phone lists any more is told once, and only where no younger one is owed', async () => {
  const younger = await owe(NUMBER, 29);
  await owe(NUMBER, 31);
  await owe(OTHER, 31);
  await owe(OTHER, 40);
  const over = async () => (await store.over()).filter((leave) => leave.outletId === outletId);
  expect(await over()).toEqual([{ outletId, number: OTHER }]);
  expect(await left()).toEqual([younger]);
  expect(await over()).toEqual([]);
});
