import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { Birthdays } from './birthdays.js';

const [west, east] = [randomUUID(), randomUUID()].sort() as [string, string];
/** More than three pages, so that one ends between two contacts of a number. */
const PEOPLE = 1_701;

let database: TestDatabase;
let birthdays: Birthdays;
beforeAll(async () => {
  database = await createTestDatabase();
  birthdays = new Birthdays(database.dataSource);
  for (const id of [west, east])
    await database.dataSource.query(
      `INSERT INTO outlets (id, name, city, whatsapp_number, is_active, created_at, updated_at)
       VALUES ($1::uuid, 'Outlet ' || $1, 'Bandung', '62811' || right(translate($1::text, 'abcdef-', '1234567'), 8), true, now(), now())`,
      [id],
    );
  // All but the first are customers of both; every other person told only the second of them when they were born.
  await database.dataSource.query(
    `INSERT INTO contacts (id, outlet_id, number, name, fields, tags)
     SELECT gen_random_uuid(), o.id, '6285700' || lpad(n::text, 6, '0'), 'Sari',
       CASE WHEN o.id = $1 AND n % 2 = 1 THEN '{}'::jsonb ELSE jsonb_build_object('Lahir', CASE n % 3 WHEN 0 THEN 'lupa' ELSE '17/05/1990' END) END, '{}'
     FROM unnest($2::uuid[]) AS o(id), generate_series(1, $3::int) AS n
     WHERE n > 1 OR o.id <> $1`,
    [west, [west, east], PEOPLE],
  );
});
afterAll(() => database.drop());

test('over many pages each person is counted once, whichever of their outlets knows the day', async () => {
  const unreadable = PEOPLE / 3;
  expect(await birthdays.fieldsOf([west, east], {})).toEqual([
    { field: 'lahir', dates: PEOPLE - unreadable, unreadable, none: 0 },
  ]);
  const [alone] = await birthdays.fieldsOf([west], {});
  expect(alone).toMatchObject({ none: (PEOPLE - 1) / 2 });
  expect(alone!.dates + alone!.unreadable + alone!.none).toBe(PEOPLE - 1);
});
