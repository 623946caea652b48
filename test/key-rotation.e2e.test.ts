import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import type { BlastCreated } from '@koneksi/contracts/blast-requests';
import type { SavedMessage } from '@koneksi/contracts/saved-messages';
import { type Env, EnvFaults, parseEnv, type RawEnv } from '../src/config/env.js';
import { rotateKey } from '../src/key-rotation/rotate-key.js';
import { KeyEncryptionKey } from '../src/common/envelope.js';
import { addContacts, Blasts } from './support/blasts.js';
import { ChildKoneksi } from './support/child-koneksi.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { Koneksi, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';
import { createTestDatabase } from './support/test-database.js';

/** How often a rotation is killed half-way; `ROTATION_KILLS=20` is the long round. */
const KILLS = Number(process.env.ROTATION_KILLS ?? 1);
const MEDIA = 4_000;

const newKey = (): string => randomBytes(32).toString('base64');
const idOf = (key: string): string => new KeyEncryptionKey(Buffer.from(key, 'base64')).id;

let koneksi: Koneksi;
let page: Dashboard;
let linked: LinkedOutlet;
beforeAll(async () => {
  koneksi = await Koneksi.start();
  page = await koneksi.dashboard();
  linked = await koneksi.linked(page);
});
afterAll(() => koneksi.stop());

function envFrom(raw: RawEnv): Env {
  const env = parseEnv(raw);
  if (env instanceof EnvFaults) throw new Error(env.message);
  return env;
}

const rotate = (changes: RawEnv, say: (text: string) => void = () => undefined): Promise<void> =>
  rotateKey(envFrom({ ...koneksi.env, ...changes }), say);

const keysInUse = async (): Promise<string[]> => {
  const rows: { key_id: string }[] = await koneksi.database.dataSource.query(
    'SELECT key_id FROM wa_credential UNION SELECT key_id FROM blasts UNION SELECT key_id FROM blast_media',
  );
  return rows.map(({ key_id }) => key_id);
};

const post = (path: string, body: string, headers: Record<string, string>): Promise<Response> =>
  fetch(`${koneksi.app.url}/api/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${koneksi.token}`, 'content-type': 'application/json', ...headers },
    body,
  });

const upload = async (): Promise<string> => {
  const headers = { 'content-type': 'application/octet-stream' };
  const response = await post('blasts/media?fileName=daftar.pdf', '%PDF-1.7\nharga\n', headers);
  return ((await response.json()) as BlastMedia).id;
};

test('a rotation that cannot be says why and changes nothing', async () => {
  const before = await keysInUse();
  await expect(rotate({ CREDENTIALS_KEY: newKey(), CREDENTIALS_KEY_NEXT: newKey() })).rejects.toThrow(
    /CREDENTIALS_KEY is not the key that 1 data keys/,
  );
  await expect(rotate({})).rejects.toThrow(/Set CREDENTIALS_KEY_NEXT/);
  await expect(rotate({ CREDENTIALS_KEY_NEXT: koneksi.env.CREDENTIALS_KEY! })).rejects.toThrow(/is the present key/);
  expect(await keysInUse()).toEqual(before);
});

test('of two rotations at once one is refused, and the key of the other is the one in use', async () => {
  const keys = [newKey(), newKey()];
  const outcomes = await Promise.allSettled(keys.map((key) => rotate({ CREDENTIALS_KEY_NEXT: key })));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const refused = outcomes.find((outcome) => outcome.status === 'rejected');
  expect(String(refused?.reason)).toContain('Another rotation of this database is under way; nothing was changed.');
  const won = keys[outcomes.findIndex(({ status }) => status === 'fulfilled')]!;
  expect(await keysInUse()).toEqual([idOf(won)]);
  koneksi.env.CREDENTIALS_KEY = won;
});

test('a rotation whose place another took does not say that it is done', async () => {
  const next = newKey();
  const said: string[] = [];
  const rotation = rotate({ CREDENTIALS_KEY_NEXT: next }, (text) => said.push(text));
  const refusal = expect(rotation).rejects.toThrow(/^Another next key was handed over meanwhile\. Keep both keys/);
  await eventually('it has begun', async () => (await keysInUse()).includes(idOf(next)));
  const { dataSource } = koneksi.database;
  await dataSource.query(`UPDATE key_handover SET key_id = 'another', finished_at = now()`);
  await refusal;
  expect(said.filter((text) => text.startsWith('Done'))).toEqual([]);
  await dataSource.query('UPDATE key_handover SET key_id = $1', [idOf(next)]);
  koneksi.env.CREDENTIALS_KEY = next;
});

test('keys are rotated by a command under load; the outlet stays, and in the end the old key opens nothing', async () => {
  const old = koneksi.env.CREDENTIALS_KEY!;
  const next = newKey();
  const blasts = new Blasts(koneksi);
  const where = { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource };
  const phones = await addContacts(where, linked.outlet.id, 0, 5);
  const blast = (): Promise<string> =>
    blasts.create({
      outletIds: [linked.outlet.id],
      message: 'Halo {{nama}}',
      audience: { phones },
      repeatAcknowledged: true,
    });
  const connections = koneksi.liveConnections(linked.outlet);
  const repeatable = { outletIds: [linked.outlet.id], message: 'Sekali saja', audience: { phones } };
  const once = (): Promise<Response> => post('blasts', JSON.stringify(repeatable), { 'idempotency-key': 'promo-1' });
  const first = (await (await once()).json()) as BlastCreated;

  let done = false;
  const rotation = rotate({ CREDENTIALS_KEY_NEXT: next }).finally(() => (done = true));
  const ids: string[] = [];
  while (!done) {
    await upload();
    ids.push(await blast());
    await blasts.delivered(ids.at(-1)!);
  }
  await rotation;
  expect(ids.length).toBeGreaterThan(0);
  expect(await keysInUse()).toEqual([idOf(next)]);
  expect(koneksi.liveConnections(linked.outlet)).toEqual(connections);
  const [handover] = await koneksi.database.dataSource.query('SELECT t::text AS row FROM key_handover t');
  for (const key of [old, next]) expect(handover.row).not.toContain(Buffer.from(key, 'base64').toString('hex'));
  expect(koneksi.logged.join('')).toContain('the next start takes the new one alone');

  // The operator has not changed the variable yet.
  await koneksi.pause();
  await expect(rotate({ CREDENTIALS_KEY_NEXT: newKey() })).rejects.toThrow(/No Koneksi runs/);
  await koneksi.resume();
  await eventually('it is healthy', async () => (await koneksi.status(linked.outlet.id)).healthy);
  await koneksi.pause();
  koneksi.env.CREDENTIALS_KEY = next;
  await koneksi.resume();
  await eventually('it is healthy', async () => (await koneksi.status(linked.outlet.id)).healthy);
  expect(linked.phone.devices).toHaveLength(1);
  await blasts.delivered(await blast());
  const again = await once();
  expect([again.status, await again.json()]).toEqual([201, first]);
  expect(await koneksi.database.dataSource.query('SELECT 1 FROM key_handover')).toEqual([]);
  await koneksi.pause();
  await expect(koneksi.resume({ CREDENTIALS_KEY: old })).rejects.toThrow(
    /CREDENTIALS_KEY is not the key that (\d+) of \1 /,
  );
  await koneksi.resume();
});

test('a damaged data key is told by name, left as it is, and holds up no other; its outlet can be linked anew', async () => {
  page = await koneksi.dashboard();
  const { outlet, phone } = await koneksi.linked(page, { name: 'Outlet Rusak' });
  const { dataSource } = koneksi.database;
  const row = async (): Promise<{ id: string; key_id: string; wrapped_key: Buffer }> =>
    (
      await dataSource.query(
        'SELECT id, key_id, wrapped_key FROM wa_credential WHERE outlet_id = $1 AND quarantined_at IS NULL',
        [outlet.id],
      )
    )[0];
  await dataSource.query(
    `UPDATE wa_credential SET wrapped_key = set_byte(wrapped_key, 40, 255 - get_byte(wrapped_key, 40)) WHERE outlet_id = $1`,
    [outlet.id],
  );
  const damaged = await row();
  const saved = (await (
    await post('saved-messages', JSON.stringify({ name: 'Promo Rusak', message: 'Promo' }), {})
  ).json()) as SavedMessage;
  await dataSource.query(
    'UPDATE blasts SET wrapped_key = set_byte(wrapped_key, 40, 255 - get_byte(wrapped_key, 40)) WHERE id = $1',
    [saved.id],
  );
  const next = newKey();
  const said: string[] = [];
  await rotate({ CREDENTIALS_KEY_NEXT: next }, (text) => said.push(text));
  const told = said.filter((text) => text.startsWith('Not rotated'));
  expect(told).toEqual([
    expect.stringContaining(`outlet "Outlet Rusak" (${outlet.id}) is damaged`),
    expect.stringMatching(RegExp(`saved message "Promo Rusak" \\(${saved.id}\\) is damaged.*: .*write it anew`)),
  ]);
  expect(said.at(-1)).toMatch(/^Done\. /);
  const logged = koneksi.logged.filter((line) => line.includes('is damaged'));
  expect(logged).toEqual([
    expect.stringContaining(`The data key of outlet ${outlet.id} is damaged`),
    expect.stringContaining(`The data key of saved message ${saved.id} is damaged`),
  ]);
  expect(await row()).toEqual({ ...damaged, key_id: `damaged:${damaged.key_id}` });
  expect(new Set(await keysInUse())).toEqual(new Set([idOf(next), `damaged:${damaged.key_id}`]));

  // The next key alone opens all others.
  await koneksi.pause();
  koneksi.env.CREDENTIALS_KEY = next;
  await koneksi.resume();
  page = await koneksi.dashboard();
  await eventually('the other is healthy', async () => (await koneksi.status(linked.outlet.id)).healthy);
  await eventually('it says so', async () => (await koneksi.status(outlet.id)).reason?.code === 'CONFIG_ERROR');
  expect((await koneksi.status(outlet.id)).reason?.params.detail).toBe('credentials unreadable');

  // What the command says to do.
  await koneksi.call('POST', `/outlets/${outlet.id}/logout`);
  await eventually('it is logged out', async () => (await koneksi.status(outlet.id)).reason?.code === 'UNLINKED');
  await koneksi.connect(outlet.id);
  await phone.scan(await page.qr(outlet.id));
  await eventually('it is healthy', async () => (await koneksi.status(outlet.id)).healthy);
  expect((await row()).key_id).toBe(idOf(next));
  await koneksi.call('PATCH', `/saved-messages/${saved.id}`, { body: { message: 'Promo lagi' } });
  const [anew] = await dataSource.query<{ key_id: string }[]>('SELECT key_id FROM blasts WHERE id = $1', [saved.id]);
  expect(anew?.key_id).toBe(idOf(next));
});

test(
  `a server killed half-way ${KILLS} times loses no key, started with the old one it goes on`,
  async () => {
    const database = await createTestDatabase();
    const query = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
      database.dataSource.query<T[]>(sql, parameters);
    const kek = (key: string): KeyEncryptionKey => new KeyEncryptionKey(Buffer.from(key, 'base64'));
    const count = async (key: string): Promise<number> =>
      (await query<{ n: number }>('SELECT count(*)::int AS n FROM blast_media WHERE key_id = $1', [idOf(key)]))[0]!.n;
    let key = newKey();
    const env = (): RawEnv => ({
      ...koneksi.env,
      DATABASE_URL: database.url,
      CREDENTIALS_KEY: key,
      SUPERADMIN_EMAIL: SUPERADMIN.email,
      DATA_DIR: undefined,
    });
    // Media alone: rows with keys, and no WhatsApp session that would start.
    const dataKeys = new Map<string, string>();
    const wrapped = Array.from({ length: MEDIA }, () => {
      const id = randomUUID();
      const issued = kek(key).issue(`media-key|${id}`);
      dataKeys.set(id, issued.dataKey.toString('hex'));
      return { id, wrapped: issued.wrapped };
    });
    await query(
      `INSERT INTO blast_media SELECT id, 'document', 'application/pdf', 'x.pdf', 1, gen_random_uuid(), now(), $3, wrapped, '\\x00'
       FROM unnest($1::uuid[], $2::bytea[]) AS m(id, wrapped)`,
      [wrapped.map(({ id }) => id), wrapped.map((row) => row.wrapped), idOf(key)],
    );
    let halfWay = 0;
    for (let round = 0; round < KILLS; round++) {
      const next = newKey();
      const victim = await ChildKoneksi.start(env());
      await victim.ready();
      const { keyId, sealed } = kek(key).handOver(Buffer.from(next, 'base64'));
      await query(
        `INSERT INTO key_handover VALUES (1, $1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET key_id = $1, sealed_by = $2, sealed = $3, finished_at = NULL`,
        [keyId, idOf(key), sealed],
      );
      await eventually('it has begun', async () => (await count(next)) > 0);
      await victim.kill();
      if ((await count(key)) > 0) halfWay++;
      const rows = await query<{ id: string; wrapped_key: Buffer }>('SELECT id, wrapped_key FROM blast_media');
      const either = new KeyEncryptionKey(Buffer.from(next, 'base64'), Buffer.from(key, 'base64'));
      for (const row of rows)
        expect(either.unwrap(`media-key|${row.id}`, row.wrapped_key).toString('hex')).toBe(dataKeys.get(row.id));

      const again = await ChildKoneksi.start(env());
      await again.ready();
      await eventually('everything is wrapped anew', async () => (await count(next)) === MEDIA);
      // The next round starts with the next key, which takes that this one is done.
      if (round + 1 < KILLS)
        await eventually('it is said to be done', async () => {
          const [row] = await query<{ finished_at: Date | null }>('SELECT finished_at FROM key_handover');
          return row?.finished_at;
        });
      await again.kill();
      key = next;
    }
    if (process.env.ROTATION_KILLS) process.stderr.write(`${halfWay} of ${KILLS} kills came half-way\n`);
    await database.drop();
  },
  60_000 + KILLS * 30_000,
);
