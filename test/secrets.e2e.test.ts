import type { CreatedApiKey, LoginAnswer } from '@koneksi/contracts/auth';
import type { ConnectAnswer } from '@koneksi/contracts/outlets';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BufferJSON, type AuthenticationCreds } from '@whiskeysockets/baileys';
import { randomBytes } from 'node:crypto';
import { CredentialStore } from '../src/wa-session/credentials/credential-store.js';
import { KeyEncryptionKey } from '../src/common/envelope.js';
import { UnreadableSecret } from '../src/common/sealing.js';
import { Blasts } from './support/blasts.js';
import type { Dashboard } from './support/dashboard.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, SUPERADMIN, type LinkedOutlet } from './support/koneksi.js';

const CANARY = 'canary: nobody but the outlet may read this sentence';
/** Staff read who their customers are, the log does not. */
const CUSTOMER = {
  phone: '628777000222',
  name: 'Canary Customer',
  fields: { kota: 'Canary Town' },
  tags: ['canary tag'],
};

let koneksi: Koneksi;
let page: Dashboard;
let linked: LinkedOutlet;
let neighbour: LinkedOutlet;
const qrs: string[] = [];
const codes: string[] = [];
const tokens: string[] = [];

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { LOG_LEVEL: 'trace', RECONCILE_INTERVAL_MS: '200' } });
  page = await koneksi.dashboard();
  linked = await koneksi.linked(page);
  qrs.push(...page.qrs.flatMap(({ qr }) => qr ?? []));
  const outlet = await koneksi.outlet();
  const answer = await koneksi.call<ConnectAnswer>('POST', `/outlets/${outlet.id}/connect`, {
    body: { method: 'pairing-code' },
  });
  codes.push(expectOk(answer).pairingCode!);
  neighbour = { outlet, phone: koneksi.phoneOf(outlet) };
  await neighbour.phone.enterCode(codes[0]!);
  await page.becomes(outlet.id, 'CONNECTED');
});

afterAll(() => koneksi.stop());

const query = <T>(sql: string, parameters: unknown[] = []): Promise<T[]> =>
  koneksi.database.dataSource.query<T[]>(sql, parameters);

function storeWith(credentialsKey: string): CredentialStore {
  return new CredentialStore(koneksi.database.dataSource, new KeyEncryptionKey(Buffer.from(credentialsKey, 'base64')));
}

/** The key bytes of this outlet's link, decrypted. */
async function keyBytes({ outlet }: LinkedOutlet): Promise<Record<string, Buffer>> {
  const credential = (await storeWith(koneksi.env.CREDENTIALS_KEY!).find(outlet.id))!;
  const creds = JSON.parse(credential.creds.toString(), BufferJSON.reviver) as AuthenticationCreds;
  const [preKey] = await query<{ key_id: string }>(
    `SELECT key_id FROM wa_signal_key WHERE credential_id = $1 AND kind = 'pre-key' LIMIT 1`,
    [credential.id],
  );
  const keys = await storeWith(koneksi.env.CREDENTIALS_KEY!).readKeys(credential, 'pre-key', [preKey!.key_id]);
  const pair = JSON.parse(keys.get(preKey!.key_id)!.toString('utf8', 1), BufferJSON.reviver) as { private: Uint8Array };
  const secrets: Record<string, Uint8Array | string> = {
    noisePublic: creds.noiseKey.public,
    noisePrivate: creds.noiseKey.private,
    identityPublic: creds.signedIdentityKey.public,
    identityPrivate: creds.signedIdentityKey.private,
    signedPreKeyPrivate: creds.signedPreKey.keyPair.private,
    advSecret: Buffer.from(creds.advSecretKey, 'base64'),
    dataKey: credential.dataKey,
    preKeyPrivate: pair.private,
  };
  return Object.fromEntries(Object.entries(secrets).map(([name, bytes]) => [name, Buffer.from(bytes as Uint8Array)]));
}

/** The ways bytes get printed by accident. */
const printed = (bytes: Buffer): string[] => [
  bytes.toString('hex'),
  bytes.toString('base64').replace(/=+$/, ''),
  bytes.toString('base64url'),
  [...bytes].join(','),
  [...bytes].join(', '),
  [...bytes.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
];

/** Everything that must never be written down. */
async function secretTexts(): Promise<string[]> {
  const bytes = [...Object.values(await keyBytes(linked)), ...Object.values(await keyBytes(neighbour))];
  const qrParts = qrs.flatMap((qr) => [qr, ...qr.split(',').filter((part) => part.length > 20)]);
  return [
    ...bytes.flatMap(printed),
    ...qrParts,
    ...codes,
    ...codes.map((code) => `${code.slice(0, 4)}-${code.slice(4)}`),
    ...tokens,
    CANARY,
  ];
}

test('nothing secret is logged at any level, whatever goes wrong', async () => {
  const signedIn = await koneksi.call<LoginAnswer>('POST', '/auth/login', { token: null, body: SUPERADMIN });
  const [cookie] = signedIn.headers.getSetCookie();
  const apiKey = expectOk(
    await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body: { name: 'k', role: 'ADMIN' } }),
  ).key;
  tokens.push(
    koneksi.token,
    expectOk(signedIn).accessToken,
    cookie!.split(/[=;]/)[1]!,
    apiKey,
    SUPERADMIN.password,
    koneksi.env.JWT_SECRET!,
    koneksi.env.CREDENTIALS_KEY!,
  );

  const writer = koneksi.simulator.phone('628777000111', { name: 'Customer' });
  await writer.send(linked.outlet.whatsappNumber, CANARY);
  await sendBlast();
  await koneksi.call('POST', '/auth/login', { token: null, body: { email: SUPERADMIN.email, password: `${CANARY}!` } });
  await koneksi.call('GET', `/outlets/status?token=${koneksi.token}`, { token: `${koneksi.token}x` });
  await koneksi.call('POST', '/auth/login', { token: null, body: { email: [koneksi.token], password: { apiKey } } });
  await expect(koneksi.dashboard(`${apiKey}x`)).rejects.toThrow('UNAUTHENTICATED');
  await koneksi.dashboard(apiKey);
  for (const ending of ['unknown-stream-error', 'reason-not-a-number', 'unavailable'] as const) {
    linked.phone.faults.end(ending);
    await page.losesLink(linked.outlet.id);
    await koneksi.connect(linked.outlet.id);
    await page.becomes(linked.outlet.id, 'CONNECTED');
  }
  linked.phone.faults.junk('mixed', 200, 3);
  await page.losesLink(linked.outlet.id);
  await page.becomes(linked.outlet.id, 'CONNECTED');

  const log = koneksi.logged.join('\n');
  expect(log).toContain('[Baileys] getSessionStatus live check');
  const customer = [CUSTOMER.phone, '081777000222', CUSTOMER.name, CUSTOMER.fields.kota, CUSTOMER.tags[0]!];
  for (const secret of [...(await secretTexts()), ...customer])
    expect(log.includes(secret) ? secret : 'absent').toBe('absent');
});

/** A message and a file to a customer, by blast and by test; a search, an import and an opt-out that name them. */
async function sendBlast(): Promise<void> {
  const { id } = linked.outlet;
  const blasts = new Blasts(koneksi);
  const phone = koneksi.simulator.phone(CUSTOMER.phone);
  expectOk(await koneksi.call('POST', `/outlets/${id}/contacts`, { body: CUSTOMER }));
  const upload = (path: string, type: string, body: string): Promise<Response> =>
    fetch(`${koneksi.app.url}/api${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${koneksi.token}`, 'content-type': type },
      body,
    });
  const file = await upload('/blasts/media?fileName=canary.pdf', 'application/octet-stream', `%PDF-1.7\n${CANARY}\n`);
  expect(file.status).toBe(201);
  const blast = { outletIds: [id], message: `${CANARY} {{nama}}`, audience: { phones: [CUSTOMER.phone] } };
  await blasts.delivered(await blasts.create(blast));
  const test = { outletId: id, phone: CUSTOMER.phone, message: CANARY, noWayOut: 'uji coba' };
  expectOk(await koneksi.call('POST', '/blasts/test', { body: test }));
  await eventually('both messages are read', () => phone.inbox.length === 2);
  expect(phone.inbox.map(({ text }) => text)).toEqual([`${CANARY} ${CUSTOMER.name}`, CANARY]);
  await koneksi.call('GET', `/outlets/${id}/contacts?search=${encodeURIComponent(CUSTOMER.name)}`);
  const csv = `nomor,nama\n${CUSTOMER.phone},${CUSTOMER.name}\nx,${CUSTOMER.name}\n`;
  expect((await upload(`/outlets/${id}/contacts/import`, 'text/csv', csv)).status).toBe(200);
  await koneksi.call('GET', `/opt-outs/${CUSTOMER.phone}`);
  await koneksi.call('POST', '/blasts', { body: { ...blast, message: `${CANARY} {{tak_ada}}` } });
}

test('nothing secret stands in any table in the open', async () => {
  const tables = await query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
  expect(tables.length).toBeGreaterThan(8);
  let dump = '';
  for (const { name } of tables) {
    const rows = await query<{ line: string }>(`SELECT t::text AS line FROM "${name}" t`);
    dump += rows.map(({ line }) => line).join('\n');
  }
  expect(dump).toContain(linked.outlet.id);
  const asBytea = (text: string): string => Buffer.from(text).toString('hex');
  for (const secret of await secretTexts()) {
    expect(dump.includes(secret) || dump.includes(asBytea(secret)) ? secret : 'absent').toBe('absent');
  }
});

test('the search finds what is there: the number is stored in the open, and a status is logged', async () => {
  const [row] = await query<{ line: string }>('SELECT c::text AS line FROM wa_credential c WHERE outlet_id = $1', [
    linked.outlet.id,
  ]);
  expect(row!.line).toContain(linked.outlet.whatsappNumber);
  const [sealed] = await query<{ creds: Buffer }>('SELECT creds FROM wa_credential WHERE outlet_id = $1', [
    linked.outlet.id,
  ]);
  expect(row!.line).toContain(sealed!.creds.toString('hex'));
  expect(koneksi.logged.join('')).toContain('CONNECTED');
});

describe('credentials that do not open', () => {
  const digest = async (): Promise<unknown> =>
    query(`SELECT (SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM wa_credential c) AS credentials,
      (SELECT md5(string_agg(k::text, '|' ORDER BY credential_id, kind, key_id)) FROM wa_signal_key k) AS keys`);

  async function expectParked(): Promise<void> {
    for (const { outlet } of [linked, neighbour]) {
      const { reason } = await eventually('the outlet is parked', async () => {
        const status = await koneksi.status(outlet.id);
        return status.session.status === 'FAILED' && status;
      });
      expect(reason).toMatchObject({ code: 'CONFIG_ERROR', params: { detail: 'credentials unreadable' } });
      expect(koneksi.liveConnections(outlet)).toEqual([]);
    }
  }

  async function expectHealed(): Promise<void> {
    for (const { outlet, phone } of [linked, neighbour]) {
      await koneksi.connect(outlet.id);
      await page.becomes(outlet.id, 'CONNECTED');
      expect(phone.devices).toHaveLength(1);
    }
  }

  test('another CREDENTIALS_KEY is refused at the start, and nothing is overwritten', async () => {
    await koneksi.pause();
    const before = await digest();
    const start = koneksi.resume({ CREDENTIALS_KEY: randomBytes(32).toString('base64') });
    await expect(start).rejects.toThrow(
      /CREDENTIALS_KEY is not the key that (\d+) of \1 WhatsApp links, blasts, files, webhooks and second factors/,
    );
    expect(await digest()).toEqual(before);
    await koneksi.resume();
    page = await koneksi.dashboard();
    for (const { outlet } of [linked, neighbour]) {
      await eventually('it is healthy', async () => (await koneksi.status(outlet.id)).healthy);
    }
  });

  test('keys are rotated while the product runs, and what a kill left half done is finished', async () => {
    await koneksi.pause();
    const before = koneksi.env.CREDENTIALS_KEY!;
    const next = randomBytes(32).toString('base64');
    const [old, fresh] = [before, next].map((key) => new KeyEncryptionKey(Buffer.from(key, 'base64')).id);
    const both = { CREDENTIALS_KEY: next, CREDENTIALS_KEY_PREVIOUS: before };
    const wrappedBy = async (): Promise<unknown> =>
      query(`SELECT DISTINCT key_id FROM wa_credential WHERE quarantined_at IS NULL`);
    const [half] = await query<{ id: string; wrapped_key: Buffer }>(
      'SELECT id, wrapped_key FROM wa_credential WHERE outlet_id = $1 AND quarantined_at IS NULL',
      [linked.outlet.id],
    );
    expect(await wrappedBy()).toEqual([{ key_id: old }]);
    await koneksi.resume(both);
    await eventually('every key is wrapped anew', () =>
      koneksi.logged.join('').includes('CREDENTIALS_KEY_PREVIOUS can go'),
    );
    expect(await wrappedBy()).toEqual([{ key_id: fresh }]);
    await koneksi.pause();
    // As if the process had been killed before this row's turn.
    await query('UPDATE wa_credential SET wrapped_key = $2, key_id = $3 WHERE id = $1', [
      half!.id,
      half!.wrapped_key,
      old,
    ]);
    await expect(koneksi.resume({ CREDENTIALS_KEY: next })).rejects.toThrow(
      /CREDENTIALS_KEY is not the key that 1 of \d/,
    );
    await koneksi.resume(both);
    await eventually(
      'the rest is done',
      async () => JSON.stringify(await wrappedBy()) === JSON.stringify([{ key_id: fresh }]),
    );
    await koneksi.pause();
    koneksi.env.CREDENTIALS_KEY = next;
    await koneksi.resume();
    page = await koneksi.dashboard();
    for (const { outlet, phone } of [linked, neighbour]) {
      await eventually('it is healthy', async () => (await koneksi.status(outlet.id)).healthy);
      expect(phone.devices).toHaveLength(1);
    }
  });

  test('swapped between two outlets they open for neither, and are left as they are', async () => {
    await koneksi.pause();
    const swap = (): Promise<unknown> =>
      query(
        `UPDATE wa_credential c SET creds = o.creds, wrapped_key = o.wrapped_key FROM wa_credential o
         WHERE c.quarantined_at IS NULL AND o.quarantined_at IS NULL AND (c.outlet_id, o.outlet_id) IN (($1::uuid, $2::uuid), ($2::uuid, $1::uuid))`,
        [linked.outlet.id, neighbour.outlet.id],
      );
    await swap();
    const swapped = await digest();
    await expect(storeWith(koneksi.env.CREDENTIALS_KEY!).find(linked.outlet.id)).rejects.toThrow(UnreadableSecret);
    await koneksi.resume();
    page = await koneksi.dashboard();
    await expectParked();
    expect(await digest()).toEqual(swapped);
    await swap();
    await expectHealed();
  });
});
