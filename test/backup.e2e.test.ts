import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import pg from 'pg';
import { createDataSource } from '../ormconfig.js';
import { backUp } from '../src/backup/back-up.js';
import { restore } from '../src/backup/restore.js';
import { openFile, placeOfFileKey } from '../src/backup/sealed-file.js';
import { EventBus } from '../src/common/event-bus.js';
import { type Env, EnvFaults, parseEnv, type RawEnv } from '../src/config/env.js';
import { CREDENTIAL_KEYS } from '../src/wa-session/credentials/credential-store.js';
import { KeyEncryptionKey } from '../src/common/envelope.js';
import { addContacts, Blasts } from './support/blasts.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, type LinkedOutlet } from './support/koneksi.js';
import { createEmptyDatabase } from './support/test-database.js';

const CANARY = 'Kanari: tulisan ini hanya untuk pemiliknya';

let koneksi: Koneksi;
let blasts: Blasts;
let linked: LinkedOutlet;
let directory: string;
let file: string;
let target: { url: string; drop(): Promise<void> };
let client: pg.Client;
let apiKey: string;
let blastId: string;
let queued: string[];
let before: Record<string, string>;

function envFrom(changes: RawEnv): Env {
  const env = parseEnv({ ...koneksi.env, ...changes });
  if (env instanceof EnvFaults) throw new Error(env.message);
  return env;
}

const restoring = (path = file, changes: RawEnv = {}): Promise<void> =>
  restore({
    env: envFrom({ DATABASE_URL: target.url, ...changes }),
    path,
    createDataSource,
    say: () => undefined,
  });

/** A digest of each table, but of those that a restore changes on purpose. */
async function digests(
  query: (sql: string) => Promise<{ name: string; digest: string }[]>,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  const names = await query(`SELECT tablename AS name, '' AS digest FROM pg_tables WHERE schemaname = 'public'`);
  for (const { name } of names) {
    const changed = ['sign_ins', 'refresh_tokens', 'contact_imports', 'key_handover', 'migrations', 'blasts', 'node'];
    if ([...changed, 'idempotency_keys'].includes(name)) continue;
    const only = name === 'wa_signal_key' ? `WHERE kind NOT IN ('session', 'sender-key', 'sender-key-memory')` : '';
    const [row] = await query(
      `SELECT '${name}' AS name, count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS digest
       FROM ${name} t ${only}`,
    );
    found[name] = row!.digest;
  }
  return found;
}

const heard: string[] = [];
const listen = (): void =>
  void koneksi.app.app.get(EventBus, { strict: false }).on('message.received', ({ text }) => heard.push(text));
const customer = () => koneksi.simulator.phone('628999000111', { name: 'Ibu Sari' });
const isHealthy = (): Promise<unknown> =>
  eventually('the outlet is healthy', async () => (await koneksi.status(linked.outlet.id)).healthy);

async function write(text: string): Promise<void> {
  await customer().send(linked.outlet.whatsappNumber, text);
  await eventually(`"${text}" arrived`, () => heard.includes(text));
}

async function answer(message: string): Promise<void> {
  const body = { outletId: linked.outlet.id, phone: customer().number, message, noWayOut: 'uji coba' };
  expectOk(await koneksi.call('POST', '/blasts/test', { body }));
  await eventually(`"${message}" was read`, () => customer().inbox.some(({ text }) => text === message));
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'koneksi-backup-'));
  file = join(directory, 'koneksi.backup');
  koneksi = await Koneksi.start();
  blasts = new Blasts(koneksi);
  listen();
  linked = await koneksi.linked(await koneksi.dashboard(), { name: 'Outlet Kanari' });
  await write(CANARY);
  await answer(CANARY);
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const phones = await addContacts(where, linked.outlet.id, 0, 3);
  expectOk(await koneksi.call('POST', '/opt-outs', { body: { phone: '628999000222', note: CANARY } }));
  const key = await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body: { name: 'Kasir', role: 'ADMIN' } });
  apiKey = expectOk(key).key;
  const slow = { paceMinMs: 3_600_000, paceMaxMs: 3_600_000 };
  expectOk(await koneksi.call('PATCH', `/outlets/${linked.outlet.id}/blast-settings`, { body: slow }));
  blastId = await blasts.create({ outletIds: [linked.outlet.id], message: CANARY, audience: { phones } });
  await blasts.becomes(blastId, 'two wait', ({ counts }) => counts.delivered === 1 && counts.queued === 2);
  queued = phones.filter((number) => blasts.textsOf(number).length === 0);

  target = await createEmptyDatabase();
  // What a running Koneksi writes meanwhile would stand in one of the two alone.
  before = await eventually('nothing is written while it is backed up', async () => {
    await rm(file, { force: true });
    const earlier = await digests((sql) => koneksi.database.dataSource.query(sql));
    await backUp(envFrom({}), file, () => undefined);
    const later = await digests((sql) => koneksi.database.dataSource.query(sql));
    return isDeepStrictEqual(earlier, later) && later;
  });
  client = new pg.Client({ connectionString: target.url });
  await client.connect();
});

afterAll(async () => {
  await client.end();
  await koneksi.stop();
  await target.drop();
  await rm(directory, { recursive: true });
});

test('a backup of a running Koneksi is one file, for its owner, that says nothing without the key', async () => {
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const bytes = await readFile(file);
  const [header] = bytes.toString('latin1').split('\n');
  expect(Object.keys(JSON.parse(header!) as object)).toEqual(
    expect.arrayContaining(['format', 'createdAt', 'keyId', 'migrations']),
  );
  const { CREDENTIALS_KEY, JWT_SECRET } = koneksi.env;
  for (const secret of [
    'Kanari',
    linked.outlet.whatsappNumber,
    linked.outlet.id,
    'argon2',
    CREDENTIALS_KEY!,
    JWT_SECRET!,
  ])
    expect([secret, bytes.includes(secret)]).toEqual([secret, false]);
  await expect(backUp(envFrom({}), file, () => undefined)).rejects.toThrow(/never replaces/);
  const other = envFrom({ CREDENTIALS_KEY: randomBytes(32).toString('base64') });
  await expect(backUp(other, `${file}.2`, () => undefined)).rejects.toThrow(/is not the key of this database/);
});

test('of backups to one path at once each is whole or refused, and nothing is left beside', async () => {
  const path = join(directory, 'at-once', 'koneksi.backup');
  await mkdir(dirname(path));
  const outcomes = await Promise.allSettled(
    Array.from({ length: 4 }, () => backUp(envFrom({}), path, () => undefined)),
  );
  expect(outcomes.map(({ status }) => status)).toContain('fulfilled');
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(String(outcome.reason)).toMatch(/never replaces/);
  expect(await readdir(dirname(path))).toEqual(['koneksi.backup']);
  const { header, content } = await openFile(createReadStream(path));
  const kek = new KeyEncryptionKey(Buffer.from(koneksi.env.CREDENTIALS_KEY!, 'base64'));
  const key = kek.unwrap(placeOfFileKey(header!.id), Buffer.from(header!.wrappedKey, 'base64'));
  let bytes = 0;
  for await (const chunk of content(key)) bytes += chunk.length;
  expect(bytes).toBeGreaterThan(0);
});

test('what a rotation left half done is neither backed up nor started without the key before', async () => {
  await koneksi.pause();
  const before = koneksi.env.CREDENTIALS_KEY!;
  const next = randomBytes(32).toString('base64');
  const { dataSource } = koneksi.database;
  const [row] = await dataSource.query<{ id: string; wrapped_key: Buffer }[]>(
    'SELECT id, wrapped_key FROM wa_credential',
  );
  const { id, wrapped_key: kept } = row!;
  const wrap = (key: Buffer, keyId: string): Promise<unknown> =>
    dataSource.query('UPDATE wa_credential SET wrapped_key = $1, key_id = $2 WHERE id = $3', [key, keyId, id]);
  const [old, both] = [
    new KeyEncryptionKey(Buffer.from(before, 'base64')),
    new KeyEncryptionKey(Buffer.from(next, 'base64'), Buffer.from(before, 'base64')),
  ];
  // As a kill between the credentials and the blasts leaves it.
  await wrap(both.rewrap(CREDENTIAL_KEYS.place(id), kept), both.id);
  const half = envFrom({ CREDENTIALS_KEY: next, CREDENTIALS_KEY_PREVIOUS: before });
  await expect(backUp(half, `${file}.half`, () => undefined)).rejects.toThrow(
    /does not open 1 of 2 WhatsApp links, blasts, files, webhooks and second factors yet/,
  );
  await expect(koneksi.resume({ CREDENTIALS_KEY: next })).rejects.toThrow(
    /is not the key that 1 of 2 WhatsApp links, blasts, files, webhooks and second factors/,
  );
  await wrap(kept, old.id);
  await koneksi.resume();
  listen();
  await isHealthy();
});

test('what cannot be restored leaves the database empty, and says why', async () => {
  const bytes = await readFile(file);
  const spoilt = join(directory, 'spoilt');
  const flipped = Buffer.from(bytes);
  flipped.writeUInt8(flipped.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
  const renamed = Buffer.from(bytes.toString('latin1').replace('"createdAt":"2', '"createdAt":"1'), 'latin1');
  const cases: [Buffer, RegExp][] = [
    [flipped, /damaged or not whole/],
    [bytes.subarray(0, -10), /damaged or not whole/],
    [Buffer.concat([bytes, bytes.subarray(-50)]), /damaged or not whole/],
    [renamed, /damaged or not whole/],
    [Buffer.from('PGDMP'), /no backup of Koneksi/],
    [Buffer.alloc(0), /no backup of Koneksi/],
  ];
  for (const [content, sentence] of cases) {
    await writeFile(spoilt, content);
    await expect(restoring(spoilt)).rejects.toThrow(sentence);
    const { rows } = await client.query('SELECT 1 FROM outlets UNION ALL SELECT 1 FROM users');
    expect(rows).toEqual([]);
  }
  await expect(restoring(join(directory, 'none'))).rejects.toThrow(/cannot be read/);
  const CREDENTIALS_KEY = randomBytes(32).toString('base64');
  await expect(restoring(file, { CREDENTIALS_KEY })).rejects.toThrow(/is not the key of this backup/);
  await koneksi.pause();
  await expect(restoring(file, { DATABASE_URL: koneksi.env.DATABASE_URL })).rejects.toThrow(/is not empty/);
  await koneksi.resume();
  listen();
  await isHealthy();
});

test('restored into a new database the outlet goes on without a QR; no ratchet is turned back, no blast sent twice', async () => {
  const [ratchets] = await koneksi.database.dataSource.query<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM wa_signal_key WHERE kind = 'session'`,
  );
  expect(ratchets!.n).toBeGreaterThan(0);
  // Life after the backup, which the restored database knows nothing of.
  for (const text of ['sesudah 1', 'sesudah 2']) {
    await write(text);
    await answer(`balasan ${text}`);
  }
  await koneksi.pause();
  const received = queued.map((number) => blasts.textsOf(number).length);

  await restoring();
  expect(await digests(async (sql) => (await client.query<{ name: string; digest: string }>(sql)).rows)).toEqual(
    before,
  );
  const kinds = await client.query<{ kind: string }>('SELECT DISTINCT kind FROM wa_signal_key');
  expect(kinds.rows.map(({ kind }) => kind)).toContain('pre-key');
  expect(kinds.rows.map(({ kind }) => kind)).not.toContain('session');
  await expect(restoring()).rejects.toThrow(/is not empty/);

  koneksi.env.DATABASE_URL = target.url;
  await koneksi.resume();
  await expect(restoring()).rejects.toThrow(/Another Koneksi/);
  listen();
  await isHealthy();
  expect(linked.phone.devices).toHaveLength(1);
  await write('sesudah pemulihan');
  await answer('balasan sesudah pemulihan');
  expect(await koneksi.call('GET', '/outlets', { token: apiKey })).toMatchObject({ status: 200 });

  expect(await blasts.find(blastId)).toMatchObject({ status: 'paused', counts: { queued: 2, delivered: 1 } });
  await blasts.verb(blastId, 'cancel');
  // Whoever got it after the backup does not get it again.
  expect(queued.map((number) => blasts.textsOf(number).length)).toEqual(received);
  // New rows go on counting where the old ones ended.
  expectOk(await koneksi.call('POST', '/opt-outs', { body: { phone: '628999000333', note: 'baru' } }));
});
