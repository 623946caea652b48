import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Env } from '../config/env.js';
import { type GeneratedSecrets, readGeneratedSecrets } from '../config/generated-secrets.js';
import { StartupFault } from '../config/startup-fault.js';
import { EmbeddedPostgres, hasEmbeddedData } from './embedded-postgres.js';
import { readPostmaster } from './postmaster-file.js';
import { SingleProcess } from './single-process.js';

/** The database, for a command that works on it beside the product. */
export interface Attached {
  /** PostgreSQL itself, past a pooler. */
  readonly url: string;
  readonly credentialsKey: Buffer;
  /** `null` where DATABASE_URL says where the database is. */
  readonly generated: GeneratedSecrets | null;
  /** Ends an embedded server that was started for the command alone. */
  detach(): Promise<void>;
}

/** Reaches the database that there is, with or without a Koneksi at work on it. @throws {StartupFault} */
export async function attach({ database, secrets, dataDir }: Env, say: (text: string) => void): Promise<Attached> {
  if (database.url) {
    if (!secrets.credentialsKey) throw new StartupFault('CREDENTIALS_KEY is required with DATABASE_URL.');
    const { credentialsKey } = secrets;
    return {
      url: database.directUrl ?? database.url,
      credentialsKey,
      generated: null,
      detach: () => Promise.resolve(),
    };
  }
  const generated = await readGeneratedSecrets(dataDir);
  if (!generated || !hasEmbeddedData(dataDir)) {
    const demo = hasEmbeddedData(join(dataDir, 'demo')) ? ` The demo's is in ${join(dataDir, 'demo')}.` : '';
    throw new StartupFault(`There is no database in DATA_DIR ${dataDir}.${demo}`);
  }
  const ranBefore = (await readPostmaster(join(dataDir, 'postgres')))?.state === 'ready';
  const server = await EmbeddedPostgres.start({ directory: dataDir, password: generated.databasePassword, say });
  return {
    url: server.url(),
    credentialsKey: secrets.credentialsKey ?? Buffer.from(generated.credentialsKey, 'base64'),
    generated,
    detach: async () => {
      if (!ranBefore && (await isUnreserved(server.url()))) await server.stop();
    },
  };
}

/** Longer than a node takes from one beat to the next. */
const BEATS_WITHIN_MS = 4_000;

/** Whether no Koneksi works on this database: none has it reserved, and no node beats on it that lost its reservation. */
export async function isFree(url: string): Promise<boolean> {
  return (await isUnreserved(url)) && !(await someNodeBeats(url));
}

async function isUnreserved(url: string): Promise<boolean> {
  try {
    await (await SingleProcess.acquire(url, { patienceMs: 0 })).release();
    return true;
  } catch (error) {
    if (error instanceof StartupFault) return false;
    throw error;
  }
}

/** At once where there is none; whoever was killed is there and does not beat. */
async function someNodeBeats(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const before = await beatsOf(client);
    if (before === '') return false;
    await pause(BEATS_WITHIN_MS);
    return (await beatsOf(client)) !== before;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function beatsOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ beats: string | null }>(
    `SELECT string_agg(concat_ws(' ', id, beats), ',' ORDER BY id) AS beats FROM node`,
  );
  return rows[0]?.beats ?? '';
}
