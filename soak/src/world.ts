import { join } from 'node:path';
import { startSimulator } from '@koneksi/whatsapp-simulator';
import pg from 'pg';
import { later } from '../../bench/src/clean-up.ts';
import { root, temporaryDirectory } from '../../bench/src/paths.ts';
import type { World } from './scenario.ts';

interface EmbeddedPostgresModule {
  EmbeddedPostgres: {
    start(options: { directory: string; password: string }): Promise<{
      url(database: string): string;
      stop(): Promise<void>;
    }>;
  };
}

/** A PostgreSQL with the product's own settings, its writes really on the disk, and a WhatsApp; both end with the run. */
export async function ownWorld(): Promise<World> {
  const { EmbeddedPostgres } = (await import(
    join(root, 'dist/src/database/embedded-postgres.js')
  )) as EmbeddedPostgresModule;
  const server = await EmbeddedPostgres.start({ directory: await temporaryDirectory(), password: 'soak' });
  later(() => server.stop());
  const client = new pg.Client(server.url('postgres'));
  await client.connect();
  await client.query('CREATE DATABASE soak');
  await client.end();
  const simulator = await startSimulator({ control: false });
  later(() => simulator.stop());
  return { simulator, databaseUrl: server.url('soak') };
}
