import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { CreatedReconnectLink } from '@koneksi/contracts/reconnect-links';
import type { User } from '@koneksi/contracts/users';
import type { CreatedWebhook, RotatedSecret } from '@koneksi/contracts/webhooks';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Clock } from '../src/common/clock.js';
import { KeyRetention } from '../src/idempotency/key-retention.js';
import { KeptAnswers } from '../src/idempotency/kept-answers.js';
import { rightsText } from '../src/idempotency/rights-text.js';
import { OutletsService } from '../src/outlets/outlets.service.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, PASSWORD } from './support/koneksi.js';

const DAY = 24 * 3_600_000;

let koneksi: Koneksi;
let outlet: Outlet;
let callerId: string;

beforeAll(async () => {
  koneksi = await Koneksi.start({ env: { EGRESS_ALLOW: '127.0.0.1/32' } });
  outlet = await koneksi.outlet();
  callerId = expectOk(await koneksi.call<User>('GET', '/auth/me')).id;
});
afterAll(() => koneksi.stop());

interface Sent {
  token?: string;
  body?: unknown;
  file?: { type: string; content: string | FormData };
}

interface Said<T> {
  status: number;
  body: T;
  code: string | undefined;
  replayed: boolean;
  retryAfter: string | null;
}

async function post<T>(path: string, key: string | null, { token, body, file }: Sent = {}): Promise<Said<T>> {
  const type = file ? file.type : body === undefined ? '' : 'application/json';
  const response = await fetch(`${koneksi.app.url}/api${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token ?? koneksi.token}`,
      ...(type && { 'content-type': type }),
      ...(key !== null && { 'idempotency-key': key }),
    },
    ...(file ? { body: file.content } : body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const parsed = (text ? JSON.parse(text) : undefined) as T;
  return {
    status: response.status,
    body: parsed,
    code: (parsed as { error?: { code: string } } | undefined)?.error?.code,
    replayed: response.headers.get('idempotent-replayed') === 'true',
    retryAfter: response.headers.get('retry-after'),
  };
}

const newKey = (): string => randomUUID();
const newOutlet = (name: string) => ({ name, whatsappNumber: `0812${String(Math.random()).slice(2, 11)}` });
const count = async (table: string): Promise<number> => {
  const [row] = await koneksi.database.dataSource.query<[{ n: number }]>(`SELECT count(*)::int AS n FROM ${table}`);
  return row.n;
};

describe('what is created', () => {
  test('is created once, and the answer comes again, secrets and all', async () => {
    const body = newOutlet('Sekali');
    const key = newKey();
    const before = await count('outlets');
    const first = await post<Outlet>('/outlets', key, { body });
    expect(first).toMatchObject({ status: 201, replayed: false, body: { name: 'Sekali' } });
    // The same request, however its fields are ordered.
    const reordered = Object.fromEntries(Object.entries(body).reverse());
    expect(await post('/outlets', key, { body: reordered })).toEqual({ ...first, replayed: true });
    expect(await count('outlets')).toBe(before + 1);

    const made = await post<CreatedApiKey>('/api-keys', key, { body: { name: 'Monitor', role: 'ADMIN' } });
    const again = await post<CreatedApiKey>('/api-keys', key, { body: { name: 'Monitor', role: 'ADMIN' } });
    expect(again).toEqual({ ...made, replayed: true });
    expect(expectOk(await koneksi.call<{ name: string }>('GET', '/app', { token: again.body.key }))).toBeDefined();

    const hook = { url: 'https://example.com/koneksi', events: ['outlet.removed'] };
    const webhook = await post<CreatedWebhook>('/webhooks', key, { body: hook });
    expect((await post<CreatedWebhook>('/webhooks', key, { body: hook })).body).toEqual(webhook.body);
    const path = `/webhooks/${webhook.body.id}/rotate-secret`;
    const rotated = await post<RotatedSecret>(path, key);
    expect((await post<RotatedSecret>(path, key)).body).toEqual(rotated.body);
    const kept = await koneksi.database.dataSource.query<{ answer: Buffer }[]>('SELECT answer FROM idempotency_keys');
    const stored = kept.map(({ answer }) => answer.toString('latin1')).join('');
    for (const secret of [made.body.key, webhook.body.secret, rotated.body.secret])
      expect(stored).not.toContain(secret);
  });

  test('by another request under the key is refused, and by another caller is another', async () => {
    const key = newKey();
    expect((await post('/outlets', key, { body: newOutlet('Asli') })).status).toBe(201);
    const other = await post('/outlets', key, { body: newOutlet('Lain') });
    expect([other.status, other.code]).toEqual([409, 'IDEMPOTENCY_CONFLICT']);
    const { key: token } = expectOk(
      await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body: { name: 'Lain', role: 'ADMIN' } }),
    );
    expect((await post('/outlets', key, { token, body: newOutlet('Milik lain') })).status).toBe(201);
  });

  test('after a refusal may be asked for again under the same key', async () => {
    const key = newKey();
    expect((await post('/outlets', key, { body: { name: 'Tanpa nomor' } })).code).toBe('VALIDATION_FAILED');
    expect((await post('/outlets', key, { body: newOutlet('Dengan nomor') })).status).toBe(201);
  });

  test('from a file is told by what is in it, whatever form it comes in', async () => {
    const number = `0813${String(Math.random()).slice(2, 11)}`;
    const csv = `name,phone\nAni,${number}\n`;
    const path = `/outlets/${outlet.id}/contacts/import`;
    const key = newKey();
    const first = await post<{ created: number }>(path, key, { file: { type: 'text/csv', content: csv } });
    expect(first).toMatchObject({ status: 200, replayed: false });
    expect(await post(path, key, { file: { type: 'text/csv', content: csv } })).toEqual({ ...first, replayed: true });
    const form = new FormData();
    form.set('file', new Blob([csv], { type: 'text/csv' }), 'lain.csv');
    const formed = await fetch(`${koneksi.app.url}/api${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${koneksi.token}`, 'idempotency-key': key },
      body: form,
    });
    expect(formed.headers.get('idempotent-replayed')).toBe('true');
    const other = await post(path, key, { file: { type: 'text/csv', content: `${csv}Budi,08139999999\n` } });
    expect(other.code).toBe('IDEMPOTENCY_CONFLICT');
  });

  test('with nothing to answer answers nothing again', async () => {
    const { token } = await koneksi.person('USER', [outlet.id]);
    const body = { currentPassword: PASSWORD, newPassword: 'correct horse glue' };
    const key = newKey();
    const first = await post('/auth/me/password', key, { token, body });
    expect(first).toEqual({ status: 204, body: undefined, code: undefined, replayed: false, retryAfter: null });
    // By now the old password is wrong.
    expect(await post('/auth/me/password', key, { token, body })).toEqual({ ...first, replayed: true });
  });

  test('at one address is not replayed at another', async () => {
    const { body } = await post<Outlet>('/outlets', null, { body: newOutlet('Jeda') });
    const key = newKey();
    const first = await post(`/outlets/${body.id}/pause`, key);
    expect(first).toMatchObject({ status: 202, replayed: false });
    expect(await post(`/outlets/${body.id}/pause`, key)).toEqual({ ...first, replayed: true });
    expect((await post(`/outlets/${outlet.id}/pause`, key)).code).toBe('IDEMPOTENCY_CONFLICT');
  });
});

test('while it is worked on the same request is told to come again, and gets the answer then', async () => {
  const outlets = koneksi.app.app.get(OutletsService, { strict: false });
  const create = outlets.create.bind(outlets);
  const { promise, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  outlets.create = async (...args) => {
    begun++;
    await promise;
    return create(...args);
  };
  try {
    const [key, body] = [newKey(), newOutlet('Lambat')];
    const slow = post<Outlet>('/outlets', key, { body });
    await eventually('it is worked on', () => begun === 1);
    const meanwhile = await post('/outlets', key, { body });
    expect(meanwhile).toMatchObject({ status: 409, code: 'IDEMPOTENCY_IN_PROGRESS', retryAfter: '1' });
    expect((await post('/outlets', key, { body: newOutlet('Lain') })).code).toBe('IDEMPOTENCY_CONFLICT');
    resolve();
    const done = await slow;
    expect(await post('/outlets', key, { body })).toEqual({ ...done, replayed: true });
    expect(begun).toBe(1);
  } finally {
    outlets.create = create;
  }
});

test('what nobody knows the end of is not done again', async () => {
  const outlets = koneksi.app.app.get(OutletsService, { strict: false });
  const create = outlets.create.bind(outlets);
  outlets.create = async (...args) => {
    await create(...args);
    throw new Error('died over it');
  };
  const [key, body] = [newKey(), newOutlet('Terputus')];
  try {
    expect((await post('/outlets', key, { body })).code).toBe('INTERNAL');
  } finally {
    outlets.create = create;
  }
  expect(await post('/outlets', key, { body })).toMatchObject({ status: 409, code: 'IDEMPOTENCY_UNKNOWN' });
});

test('an answer that opens an outlet is not given again to whom the outlet was taken from', async () => {
  const shop = await koneksi.outlet();
  const { user, token } = await koneksi.person('USER', [shop.id]);
  const [path, key] = [`/outlets/${shop.id}/reconnect-links`, newKey()];
  const first = await post<CreatedReconnectLink>(path, key, { token });
  expect(await post(path, key, { token })).toEqual({ ...first, replayed: true });
  expectOk(await koneksi.call('PATCH', `/users/${user.id}`, { body: { outletIds: [] } }));
  const fresh = await koneksi.signIn(user.email, PASSWORD);
  const after = await post(path, key, { token: fresh });
  expect(after).toMatchObject({ status: 409, code: 'IDEMPOTENCY_UNKNOWN', replayed: false });
  expect(JSON.stringify(after.body)).not.toContain(first.body.url);
  expect((await post(path, newKey(), { token: fresh })).code).toBe('OUTLET_NOT_FOUND');
});

test('an answer is kept over a restart, and for a day', async () => {
  const [key, body] = [newKey(), newOutlet('Kemarin')];
  const first = await post<Outlet>('/outlets', key, { body });
  await koneksi.pause();
  await koneksi.resume();
  expect(await post('/outlets', key, { body })).toEqual({ ...first, replayed: true });
  const clock = koneksi.app.app.get(Clock);
  const wall = clock.wall.bind(clock);
  clock.wall = () => wall() + DAY;
  try {
    expect((await post('/outlets', key, { body })).code).toBe('NUMBER_TAKEN');
    expect(await koneksi.app.app.get(KeyRetention, { strict: false }).run()).toBeGreaterThan(0);
    expect(await count('idempotency_keys')).toBe(0);
  } finally {
    clock.wall = wall;
  }
});

test.each(['', 'a b', 'é', 'x'.repeat(201)])('a key that is none is refused: %j', async (key) => {
  const response = await fetch(`${koneksi.app.url}/api/outlets`, {
    method: 'POST',
    headers: [
      ['authorization', `Bearer ${koneksi.token}`],
      ['content-type', 'application/json'],
      ['idempotency-key', Buffer.from(key).toString('latin1')],
    ],
    body: JSON.stringify(newOutlet('Salah')),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { fields: [{ field: 'Idempotency-Key' }] } });
});

test('there is an end to the keys of one caller', async () => {
  const { dataSource } = koneksi.database;
  await dataSource.query(
    `INSERT INTO idempotency_keys SELECT $1, 'POST /api/outlets', 'full ' || n, '', now()
     FROM generate_series(1, 10000) n`,
    [callerId],
  );
  expect((await post('/outlets', newKey(), { body: newOutlet('Penuh') })).code).toBe('QUOTA_REACHED');
  await dataSource.query(`DELETE FROM idempotency_keys WHERE key LIKE 'full %'`);
});

test('every POST that changes something is done once under a key, and says so', async () => {
  const response = await fetch(`${koneksi.app.url}/api/docs/openapi.json`);
  const { paths } = (await response.json()) as OpenAPIObject;
  const kept = koneksi.app.app.get(KeptAnswers, { strict: false });
  const once: string[] = [];
  const others: string[] = [];
  for (const [path, { post: operation }] of Object.entries(paths)) {
    if (!operation) continue;
    const names = (operation.parameters ?? []).map((parameter) => 'name' in parameter && parameter.name);
    (names.includes('Idempotency-Key') ? once : others).push(path.replace(/^\/api/, ''));
  }
  expect(others.sort()).toEqual([
    '/auth/login',
    '/auth/login/second-factor',
    '/auth/logout',
    '/auth/password-resets',
    '/auth/password-resets/complete',
    '/auth/refresh',
    '/blasts/count',
    '/blasts/preview',
    '/outlets/status/refresh',
    '/repeating-blasts/birthdays',
  ]);
  expect(once.length).toBeGreaterThan(30);
  // These keep their keys with what they make; their own tests tell.
  const here = once.filter((path) => path !== '/blasts' && path !== '/messages');
  for (const path of here) {
    const isFile = paths[`/api${path}`]!.post!.requestBody !== undefined && /import$|imports$|media$/.test(path);
    const address = path.replace('/outlets/{id}', `/outlets/${outlet.id}`).replace(/\{\w+\}/g, () => randomUUID());
    const sent: Sent = isFile ? { file: { type: 'text/csv', content: 'a,b\n' } } : { body: { some: 'thing' } };
    const asked = {
      callerId,
      rights: rightsText({ role: 'SUPERADMIN', outletIds: 'all' }),
      route: `POST /api${path.replace(/\{(\w+)\}/g, ':$1')}`,
      key: newKey(),
      address: `/api${address}${path === '/blasts/media' ? '?fileName=a.csv' : ''}`,
    };
    // As if it had been done before: nothing below has to be there for its answer.
    const body = isFile ? 'a,b\n' : '{"some":"thing"}';
    expect(await kept.begin(asked, Buffer.from(body))).toBeNull();
    const to = asked.address.replace(/^\/api/, '');
    expect({ path, code: (await post(to, asked.key, sent)).code }).toEqual({ path, code: 'IDEMPOTENCY_IN_PROGRESS' });
    await kept.keep(asked, { answered: path });
    kept.end(asked);
    const replay = await post(to, asked.key, sent);
    const answer = replay.status === 204 ? undefined : { answered: path };
    expect({ path, ...replay }).toMatchObject({ path, replayed: true, body: answer });
    const other: Sent = isFile ? { file: { type: 'text/csv', content: 'c,d\n' } } : { body: { some: 'other' } };
    expect({ path, code: (await post(to, asked.key, other)).code }).toEqual({ path, code: 'IDEMPOTENCY_CONFLICT' });
  }
});
