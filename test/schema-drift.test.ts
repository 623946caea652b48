import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from './support/test-database.js';

/** A foreign key into another module's table: the entity would have to import that module for it. */
const OF_MIGRATIONS_ALONE = /^ALTER TABLE "\w+" DROP CONSTRAINT "\w+_fkey"$/;

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(() => database.drop());

it('has migrations that build exactly what the entities say', async () => {
  const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
  expect(upQueries.map(({ query }) => query).filter((query) => !OF_MIGRATIONS_ALONE.test(query))).toEqual([]);
});
