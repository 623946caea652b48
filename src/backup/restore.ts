import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { DataSource } from 'typeorm';
import type { Env } from '../config/env.js';
import { readGeneratedSecrets, replaceCredentialsKey } from '../config/generated-secrets.js';
import { StartupFault } from '../config/startup-fault.js';
import type { DataSourceTuning } from '../database/data-source.js';
import { explainRefusal } from '../database/database-refusal.js';
import { openStore } from '../database/store.js';
import { KeyEncryptionKey } from '../common/envelope.js';
import { UnreadableSecret } from '../common/sealing.js';
import { END_OF_ROWS } from './back-up.js';
import { Lines } from './lines.js';
import { openFile, placeOfFileKey, type Header } from './sealed-file.js';
import { copyIn, filledTables, quoted, SEEDED, tablesOf, type Table } from './tables.js';

/** For a Koneksi that is just ending; a person who forgot to end it is told soon. */
const PATIENCE_MS = 5_000;

interface RestoreOptions {
  env: Env;
  path: string;
  createDataSource: (url: string, tuning?: DataSourceTuning) => DataSource;
  say: (text: string) => void;
}

/**
 * Fills an empty database from a backup, in one transaction: everything or nothing. Blasts that were on their way wait
 * for a person, since nobody knows what left after the backup. @throws {StartupFault}
 */
export async function restore({ env, path, createDataSource, say }: RestoreOptions): Promise<void> {
  const file = await openFile(createReadStream(path)).catch((error: Error) => {
    throw new StartupFault(`${path} cannot be read: ${error.message}.`, error);
  });
  if (!file.header) throw new StartupFault(`${path} is no backup of Koneksi.`);
  const { key, fileKey } = await keysOf(env, file.header);
  // Beside nodes that live nothing can be put in their place.
  const alone = { ...env, database: { ...env.database, severalNodes: false } };
  const store = await openStore({
    env: alone,
    createDataSource,
    say,
    onUsurped: () => undefined,
    patienceMs: PATIENCE_MS,
  });
  const { directUrl: url, embedded } = store.resolved.database;
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await refuseOtherSteps(client, file.header);
    const filled = await filledTables(client);
    if (filled.length > 0) {
      throw new StartupFault(`The database is not empty (${filled.join(', ')}): restore into a new one.`);
    }
    await client.query('BEGIN');
    await load(client, Readable.from(file.content(fileKey)));
    const { rowCount } = await client.query(
      `UPDATE blasts SET status = 'paused', revision = revision + 1 WHERE status IN ('running', 'scheduled')`,
    );
    await client.query('COMMIT');
    if (embedded) await replaceCredentialsKey(env.dataDir, key);
    say(`Restored as of ${file.header.createdAt}. Everybody signs in anew; ${rowCount ?? 0} blasts wait for a person.`);
  } catch (error) {
    if (error instanceof UnreadableSecret || (error as { code?: string }).code?.startsWith('Z_')) {
      throw new StartupFault(`${path} is damaged or not whole; nothing was restored.`, error);
    }
    throw explainRefusal(error, url);
  } finally {
    await client.end().catch(() => undefined);
    await store.close();
  }
}

/** The one of the keys at hand that opens this file. */
async function keysOf({ secrets, database, dataDir }: Env, header: Header): Promise<{ key: Buffer; fileKey: Buffer }> {
  const generated = database.url ? null : await readGeneratedSecrets(dataDir);
  const atHand = [
    secrets.credentialsKey,
    secrets.previousCredentialsKey,
    generated && Buffer.from(generated.credentialsKey, 'base64'),
  ];
  const key = atHand.find((each) => each && new KeyEncryptionKey(each).id === header.keyId);
  if (!key) {
    throw new StartupFault(
      'CREDENTIALS_KEY is not the key of this backup: set the one that was in use when it was made. Nothing was restored.',
    );
  }
  try {
    const wrapped = Buffer.from(header.wrappedKey, 'base64');
    return { key, fileKey: new KeyEncryptionKey(key).unwrap(placeOfFileKey(header.id), wrapped) };
  } catch (error) {
    throw new StartupFault('The backup’s header was changed; nothing was restored.', error);
  }
}

async function refuseOtherSteps(client: pg.Client, { migrations }: Header): Promise<void> {
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations ORDER BY timestamp');
  const ours = rows.map(({ name }) => name);
  if (ours.join() === migrations.join()) return;
  throw new StartupFault(
    'The backup was made by another version of Koneksi: restore it with that one, then start this one, which brings the ' +
      'database up to date.',
  );
}

async function load(client: pg.Client, content: Readable): Promise<void> {
  const gunzip = createGunzip();
  // Whoever reads the lines is told; without a listener an error before the first line would end the process.
  gunzip.on('error', () => undefined);
  content.on('error', (error) => gunzip.destroy(error));
  const lines = new Lines(content.pipe(gunzip));
  const tables = await tablesOf(client);
  for (let line = await lines.next(); line; line = await lines.next()) {
    const { name } = JSON.parse(line.toString()) as Table;
    const table = tables.find((each) => each.name === name);
    if (!table) throw new StartupFault(`The backup holds a table ${name} that is none of ours; nothing was restored.`);
    if (SEEDED.includes(name)) await client.query(`DELETE FROM ${quoted(name)}`);
    await pipeline(Readable.from(lines.until(END_OF_ROWS)), client.query(copyFrom(copyIn(table))));
    for (const column of table.counted) {
      await client.query(
        `SELECT setval(pg_get_serial_sequence($1, $2), (SELECT coalesce(max(${quoted(column)}), 0) + 1 FROM ${quoted(name)}), false)`,
        [name, column],
      );
    }
  }
}
