import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../paths.ts';

interface EmbeddedPostgresModule {
  EmbeddedPostgres: {
    start(options: { directory: string; password: string }): Promise<{ url(): string; stop(): Promise<void> }>;
  };
}

interface OrmConfigModule {
  createDataSource: (
    this: void,
    url: string,
  ) => {
    initialize(): Promise<unknown>;
    query(sql: string, parameters?: unknown[]): Promise<unknown>;
    destroy(): Promise<void>;
  };
}

/** Deletes all but the first outlets from a database that is not in use, as if the others had never been. */
export async function keepOutlets(dataDir: string, count: number): Promise<void> {
  const secrets = JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as { databasePassword: string };
  const { EmbeddedPostgres } = await built<EmbeddedPostgresModule>('src/database/embedded-postgres.js');
  const { createDataSource } = await built<OrmConfigModule>('ormconfig.js');
  const server = await EmbeddedPostgres.start({ directory: dataDir, password: secrets.databasePassword });
  try {
    const database = createDataSource(server.url());
    await database.initialize();
    for (const [sql, ...parameters] of statements(count)) await database.query(sql, parameters);
    await database.destroy();
  } finally {
    await server.stop();
  }
}

/** The statement limit of the product would end a delete of nearly a million keys, hence in pieces. */
function statements(count: number): [string, ...unknown[]][] {
  const surplus = 'SELECT id FROM outlets ORDER BY whatsapp_number OFFSET $1';
  return [
    ['SET statement_timeout = 0'],
    [`DELETE FROM outlets WHERE id IN (${surplus})`, count],
    ['TRUNCATE outlet_status_change'],
    ['VACUUM ANALYZE'],
  ];
}

const built = async <T>(file: string): Promise<T> => (await import(join(root, 'dist', file))) as T;
