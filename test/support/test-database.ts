import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { createDataSource } from '../../ormconfig.js';
import { withFileLock } from '../../src/database/file-lock.js';
import { migrate } from '../../src/database/migrate.js';
import { runDirectory } from './test-run.js';
import { testServer } from './test-server.js';

export interface TestDatabase {
  /** For whoever opens connections of its own, such as a whole application. */
  readonly url: string;
  /** Opened, migrated and empty. */
  readonly dataSource: DataSource;
  /** Closes `dataSource` and removes the database, whoever else is still connected. */
  drop(): Promise<void>;
}

/** A database of its own for each test file: a copy of one that was migrated once for the whole run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const database = await createEmptyDatabase(await template());
  // What a test fills a table with may take longer than what people ask for.
  const dataSource = await createDataSource(database.url, { poolSize: 5, statementTimeoutMs: 100_000 }).initialize();
  return {
    url: database.url,
    dataSource,
    drop: async () => {
      if (dataSource.isInitialized) await dataSource.destroy();
      await database.drop();
    },
  };
}

/** Without tables, unless another database is named to copy. */
export async function createEmptyDatabase(copyOf = 'template0'): Promise<{ url: string; drop(): Promise<void> }> {
  const server = await testServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  await administer(`CREATE DATABASE ${name} TEMPLATE ${copyOf} STRATEGY wal_log`);
  return {
    url: server.url(name),
    drop: async () => {
      await administer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

let migrated: Promise<string> | undefined;

function template(): Promise<string> {
  migrated ??= withFileLock(join(runDirectory(), 'template.lock'), async () => {
    const server = await testServer();
    // Of this run alone: a server that is used again may hold one of other migrations.
    const name = `template_${basename(runDirectory()).replace(/\W/g, '_').toLowerCase()}`;
    const exists = await administer(`SELECT 1 FROM pg_database WHERE datname = '${name}'`);
    if (exists > 0) return name;
    const half = `${name}_${randomBytes(4).toString('hex')}`;
    await administer(`CREATE DATABASE ${half}`);
    await migrate(createDataSource(server.url(half), { poolSize: 1, statementTimeoutMs: 0 }));
    await administer(`ALTER DATABASE ${half} RENAME TO ${name}`);
    return name;
  });
  return migrated;
}

async function administer(sql: string): Promise<number> {
  const client = new pg.Client({ connectionString: (await testServer()).url() });
  await client.connect();
  try {
    return (await client.query(sql)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}
