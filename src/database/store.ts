import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Resolved } from '../config/config.js';
import type { Env } from '../config/env.js';
import {
  generateSecrets,
  type GeneratedSecrets,
  readGeneratedSecrets,
  secretsPath,
} from '../config/generated-secrets.js';
import { StartupFault } from '../config/startup-fault.js';
import type { DataSourceTuning } from './data-source.js';
import { explainRefusal, OLDEST_MAJOR } from './database-refusal.js';
import { EmbeddedPostgres, hasEmbeddedData } from './embedded-postgres.js';
import { migrate, oneByOne } from './migrate.js';
import type { Reservation } from './reservation.js';
import { provePooler } from './pooler.js';
import { SingleProcess, TAKE_OVER_MS } from './single-process.js';

export interface StoreOptions {
  env: Env;
  createDataSource: (url: string, tuning?: DataSourceTuning) => DataSource;
  createSystemDataSource?: (url: string, tuning?: DataSourceTuning) => DataSource;
  say: (text: string) => void;
  onUsurped: () => void;
  /** How long to wait for a Koneksi that uses the database; by default until a dead one's lock is free. */
  patienceMs?: number;
}

/** The database Koneksi works on: running, ours alone or shared with other nodes, migrated. */
export interface Store {
  readonly resolved: Resolved;
  readonly dataSource: DataSource;
  /** For what must not wait behind what people ask for; where nobody asks, the same. */
  readonly systemDataSource: DataSource;
  /** What keeps it to us. */
  readonly reservation: Reservation;
  /** Closes what is still open and, last, the embedded server. */
  close(): Promise<void>;
}

interface Reserved {
  resolved: Resolved;
  lock: SingleProcess;
  server: EmbeddedPostgres | null;
}

export async function openStore(options: StoreOptions): Promise<Store> {
  const { resolved, lock, server } = await reserve(options);
  // Whoever waits for the lock goes by that very server: given the one, they would find the other stopping.
  const opened: DataSource[] = [];
  const close = async (): Promise<void> => {
    for (const open of opened) if (open.isInitialized) await open.destroy();
    await lock.release(async () => server?.stop());
  };
  const { url, directUrl } = resolved.database;
  const tuning = { pooled: url !== directUrl };
  try {
    const steps = options.createDataSource(directUrl, { poolSize: 1, statementTimeoutMs: 0 });
    const migrated = await oneByOne(directUrl, () => migrate(steps)).catch((error: unknown) => {
      throw explainDirect(resolved, error);
    });
    if (migrated > 0) options.say(`Database brought up to date (${migrated} ${migrated === 1 ? 'step' : 'steps'}).`);
    const dataSource = await options.createDataSource(url, tuning).initialize();
    opened.push(dataSource);
    if (tuning.pooled) await provePooler(dataSource, lock);
    const systemDataSource = (await options.createSystemDataSource?.(url, tuning).initialize()) ?? dataSource;
    opened.push(systemDataSource);
    return {
      resolved,
      dataSource,
      systemDataSource,
      reservation: lock,
      close,
    };
  } catch (error) {
    await close();
    throw explainRefusal(error, url);
  }
}

function reserve(options: StoreOptions): Promise<Reserved> {
  const { database, secrets } = options.env;
  if (!database.url) return reserveEmbedded(options);
  const { jwtSecret, credentialsKey, previousCredentialsKey } = secrets;
  if (!jwtSecret || !credentialsKey)
    throw new StartupFault('JWT_SECRET and CREDENTIALS_KEY are required with DATABASE_URL.');
  return reserveGiven(options, {
    database: { ...database, url: database.url, directUrl: database.directUrl ?? database.url, embedded: false },
    secrets: { jwtSecret, credentialsKey, previousCredentialsKey },
  });
}

async function reserveGiven({ say, onUsurped, patienceMs }: StoreOptions, resolved: Resolved): Promise<Reserved> {
  const { directUrl: url } = resolved.database;
  try {
    await refuseOldPostgres(url);
    const shared = resolved.database.severalNodes;
    const lock = await SingleProcess.acquire(url, { patienceMs, say, onUsurped, shared });
    return { resolved, lock, server: null };
  } catch (error) {
    throw explainDirect(resolved, error);
  }
}

function explainDirect({ database: { url, directUrl } }: Resolved, error: unknown): StartupFault {
  return explainRefusal(error, directUrl, directUrl === url ? 'DATABASE_URL' : 'DATABASE_DIRECT_URL');
}

async function reserveEmbedded(options: StoreOptions): Promise<Reserved> {
  const { env, say, onUsurped, patienceMs = TAKE_OVER_MS } = options;
  const generated = await embeddedSecrets(env.dataDir);
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const server = await EmbeddedPostgres.start({
      directory: env.dataDir,
      password: generated.databasePassword,
      say,
    });
    try {
      const lock = await SingleProcess.acquire(server.url(), {
        patienceMs: deadline - performance.now(),
        say,
        onUsurped,
        beforeRetake: () => server.revive(),
      });
      return { resolved: resolve(env, server.url(), generated), lock, server };
    } catch (error) {
      // The Koneksi before us stops this very server when it ends.
      if (!(error instanceof StartupFault) && performance.now() < deadline) continue;
      throw explainRefusal(error, server.url());
    }
  }
}

function resolve({ secrets }: Env, url: string, generated: GeneratedSecrets): Resolved {
  return {
    database: { url, directUrl: url, embedded: true, severalNodes: false },
    secrets: {
      jwtSecret: secrets.jwtSecret ?? generated.jwtSecret,
      credentialsKey: secrets.credentialsKey ?? Buffer.from(generated.credentialsKey, 'base64'),
      previousCredentialsKey: secrets.previousCredentialsKey,
    },
  };
}

async function embeddedSecrets(dataDir: string): Promise<GeneratedSecrets> {
  const known = await readGeneratedSecrets(dataDir);
  if (known) return known;
  if (!hasEmbeddedData(dataDir)) return generateSecrets(dataDir);
  throw new StartupFault(
    `${secretsPath(dataDir)} is missing, without which the database beside it cannot be read: restore it, or set DATA_DIR to start anew.`,
  );
}

async function refuseOldPostgres(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, query_timeout: 5000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    const major = Math.floor(Number(rows[0]?.server_version_num) / 10_000);
    if (major >= OLDEST_MAJOR) return;
    throw new StartupFault(`DATABASE_URL leads to PostgreSQL ${major}; Koneksi needs ${OLDEST_MAJOR} or newer.`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
