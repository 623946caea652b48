import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Env } from '../config/env.js';
import { StartupFault } from '../config/startup-fault.js';
import { attach } from '../database/attach.js';
import { explainRefusal } from '../database/database-refusal.js';
import { KeyEncryptionKey } from '../common/envelope.js';
import { COUNT_KEYS, type KeyCount } from '../wa-session/credentials/strange-keys.js';
import { placeOfFileKey, sealFile, type Header } from './sealed-file.js';
import { copyOut, tablesOf } from './tables.js';

/** Ends the rows of a table: what no row of PostgreSQL's text format can be. */
export const END_OF_ROWS = '\\.\n';

/**
 * Writes everything there is, as of one moment, into a new file that CREDENTIALS_KEY alone opens. Koneksi may run
 * meanwhile. @throws {StartupFault}
 */
export async function backUp(env: Env, path: string, say: (text: string) => void): Promise<void> {
  await refuseTaken(path);
  const attached = await attach(env, say);
  const client = new pg.Client({ connectionString: attached.url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const key = await presentKey(client, attached.credentialsKey);
    const { header, fileKey } = await describe(client, key);
    await write(path, sealFile(header, fileKey, Readable.from(dump(client)).pipe(createGzip())));
    say(`${path}: ${(await stat(path)).size} bytes. It opens with the present CREDENTIALS_KEY, which is not in it.`);
  } catch (error) {
    throw explainRefusal(error, attached.url);
  } finally {
    await client.end().catch(() => undefined);
    await attached.detach();
  }
}

async function refuseTaken(path: string): Promise<void> {
  const taken = await stat(path).then(
    () => true,
    () => false,
  );
  if (taken) throw new StartupFault(`${path} is there already; a backup never replaces another.`);
}

/** The key that everything is wrapped by, also where a rotation has ended and the next start is yet to come. */
async function presentKey(client: pg.Client, given: Buffer): Promise<KeyEncryptionKey> {
  const key = new KeyEncryptionKey(given);
  const { rows } = await client.query<{ key_id: string; sealed_by: string; sealed: Buffer; finished_at: Date | null }>(
    'SELECT key_id, sealed_by, sealed, finished_at FROM key_handover',
  );
  const [handover] = rows;
  if (handover && !handover.finished_at) {
    throw new StartupFault('Keys are being rotated: back up when that is done.');
  }
  if (handover?.sealed_by === key.id) key.adopt(handover.key_id, handover.sealed);
  const count = (await client.query<KeyCount>(COUNT_KEYS, [[key.id]])).rows[0]!;
  if (count.strange === 0) return key;
  throw new StartupFault(
    count.strange === count.all
      ? 'CREDENTIALS_KEY is not the key of this database: the backup would open nothing.'
      : `CREDENTIALS_KEY does not open ${count.strange} of ${count.all} WhatsApp links, blasts, files, webhooks and second factors yet: back up ` +
          'when the rotation is done.',
  );
}

async function describe(client: pg.Client, key: KeyEncryptionKey): Promise<{ header: Header; fileKey: Buffer }> {
  const id = randomUUID();
  const { dataKey, wrapped } = key.issue(placeOfFileKey(id));
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY timestamp');
  const header: Header = {
    format: 'koneksi-backup',
    version: 1,
    id,
    createdAt: new Date().toISOString(),
    keyId: key.id,
    wrappedKey: wrapped.toString('base64'),
    migrations: rows.map(({ name }) => name),
  };
  return { header, fileKey: dataKey };
}

async function* dump(client: pg.Client): AsyncGenerator<Buffer> {
  for (const table of await tablesOf(client)) {
    yield Buffer.from(`${JSON.stringify(table)}\n`);
    yield* client.query(copyTo(copyOut(table))) as AsyncIterable<Buffer>;
    yield Buffer.from(END_OF_ROWS);
  }
}

/** Under its name only once it is whole and on the disk; in a file of its own until then, whoever else backs up. */
async function write(path: string, bytes: AsyncIterable<Buffer>): Promise<void> {
  const part = `${path}.${randomUUID()}.part`;
  try {
    await pipeline(bytes, createWriteStream(part, { mode: 0o600, flags: 'wx' }));
    const file = await open(part, 'r+');
    await file.sync();
    await file.close();
    await refuseTaken(path);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    if (typeof (error as NodeJS.ErrnoException).path === 'string')
      throw new StartupFault(`${path} cannot be written: ${(error as Error).message}.`, error);
    throw error;
  }
}
