import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Of the database that the product started for itself. */
export async function databaseUrl(dataDir: string): Promise<string> {
  const { databasePassword } = JSON.parse(await readFile(join(dataDir, 'secrets.json'), 'utf8')) as {
    databasePassword: string;
  };
  const port = (await readFile(join(dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n')[3];
  return `postgres://koneksi:${databasePassword}@127.0.0.1:${port}/postgres`;
}
