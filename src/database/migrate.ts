import pg from 'pg';
import type { DataSource } from 'typeorm';

/** Brings the database up to date; answers how many migrations ran. `dataSource` is opened for this and closed again. */
export async function migrate(dataSource: DataSource): Promise<number> {
  await dataSource.initialize();
  try {
    return (await dataSource.runMigrations()).length;
  } finally {
    await dataSource.destroy();
  }
}

/** "KONEKSM" in ASCII; the M is for migrations. */
const LOCK_KEY = String(0x4b4f4e454b534dn);

/** Work that processes started at the same moment do one after the other. Needs a connection that is no pooler's. */
export async function oneByOne<T>(url: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, keepAlive: true });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [LOCK_KEY]);
    return await work();
  } finally {
    await client.end().catch(() => undefined);
  }
}
