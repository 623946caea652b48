import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from './test-database.js';

let one: TestDatabase;
let other: TestDatabase;

beforeAll(async () => {
  [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
});

afterAll(() => Promise.all([one.drop(), other.drop()]));

it('keeps what one test file writes out of every other', async () => {
  await one.dataSource.query('CREATE TABLE note (text text)');
  const [{ found }] = await other.dataSource.query(`SELECT to_regclass('note') AS found`);
  expect(found).toBeNull();
});
