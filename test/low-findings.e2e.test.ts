import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ErrorBody } from '@koneksi/contracts/errors';
import { expectOk, Koneksi, type Person } from './support/koneksi.js';

let koneksi: Koneksi;
let own: string;
let user: Person;
beforeAll(async () => {
  koneksi = await Koneksi.start();
  own = (await koneksi.outlet()).id;
  user = await koneksi.person('USER', [own]);
});
afterAll(() => koneksi.stop());

const raw = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${koneksi.app.url}${path}`, { ...init, headers: { authorization: `Bearer ${user.token}`, ...init.headers } });

test.each(['constructor', 'valueof', 'hasownproperty'])(
  'a column called %s is a column like any other',
  async (name) => {
    const file = `nomor,${name}\n081234567801,Merah\n081234567802,\n`;
    const imported = await raw(`/api/outlets/${own}/contacts/import`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: file,
    });
    expect(imported.status).toBe(200);
    await koneksi.call('POST', `/outlets/${own}/contacts`, { token: user.token, body: { phone: '081234567803' } });
    const csv = await (await raw(`/api/outlets/${own}/contacts/export`)).text();
    expect(csv).toContain('Merah');
    expect(csv).not.toMatch(/function|native code/);
    const preview = await koneksi.call('POST', '/blasts/preview', {
      token: user.token,
      body: { outletIds: [own], message: `{{${name}}} {{constructor}}` },
    });
    expect(preview.status).toBeLessThan(500);
  },
);

test('an import whose outlet is removed meanwhile is told so, and nothing is a fault of ours', async () => {
  const gone = await koneksi.outlet();
  const lines = Array.from({ length: 20_000 }, (_, nth) => `08123${String(4_000_000 + nth)}`).join('\n');
  const sent = ['import', 'imports'].map((route) =>
    fetch(`${koneksi.app.url}/api/outlets/${gone.id}/contacts/${route}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${koneksi.token}`, 'content-type': 'text/csv' },
      body: `nomor\n${lines}\n`,
    }),
  );
  await koneksi.call('DELETE', `/outlets/${gone.id}`);
  for (const answer of await Promise.all(sent)) {
    expect([200, 201, 404]).toContain(answer.status);
    await answer.body?.cancel();
  }
  expect(koneksi.logged.filter((line) => /request \S+ failed/.test(line))).toEqual([]);
});

test.each([
  ['PUT', '/api/outlets', 'GET, POST'],
  ['GET', '/api/auth/login', 'POST'],
  ['PUT', '/api/outlets/status', 'GET'],
  ['POST', '/api/blasts/vocabulary', 'GET'],
])('%s %s is told which methods there are', async (method, path, allowed) => {
  const answer = await raw(path, { method });
  expect(answer.status).toBe(405);
  const { error } = (await answer.json()) as ErrorBody;
  expect(error.code).toBe('METHOD_NOT_ALLOWED');
  for (const one of allowed.split(', ')) expect(answer.headers.get('allow')!.split(', ')).toContain(one);
});

test('an address that is none stays none', async () => {
  expect((await raw('/api/nothing', { method: 'PUT' })).status).toBe(404);
});

test.each(['?EIO=3&transport=polling', '?EIO=4&transport=pigeon', '?EIO=4&transport=polling&sid=dead', ''])(
  'what the sockets refuse has the headers of every answer: /socket.io/%s',
  async (query) => {
    const { status, headers } = await raw(`/socket.io/${query}`);
    expect(status).toBe(400);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
  },
);

test.each([
  ['127.0.0.1', 200],
  ['localhost:3000', 200],
  ['[::1]:3000', 200],
  ['evil.example', 401],
  ['localhost.evil.example', 401],
])('metrics are for who calls this machine by its own name: %s', async (host, status) => {
  const answered = await new Promise<number>((resolve, reject) => {
    request(`${koneksi.app.url}/metrics`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });
  expect(answered).toBe(status);
});

test('a proxy that nobody told us of is told of, once', async () => {
  for (let nth = 0; nth < 3; nth++)
    await (await raw('/api/outlets', { headers: { 'x-forwarded-for': '203.0.113.9' } })).body?.cancel();
  expect(koneksi.logged.filter((line) => line.includes('TRUST_PROXY'))).toHaveLength(1);
});

test('files have an end, also those of blasts that were cancelled', async () => {
  await koneksi.database.dataSource.query(
    `INSERT INTO blast_media (id, kind, mime_type, file_name, bytes, uploaded_by, uploaded_at, key_id, wrapped_key, content)
     SELECT gen_random_uuid(), 'document', 'application/pdf', 'x.pdf', 50000000, $1, now(), 'x', '', '' FROM generate_series(1, 9)`,
    [user.user.id],
  );
  const answer = await raw('/api/blasts/media?fileName=x.pdf', {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: '%PDF-1.7',
  });
  expect(answer.status).toBe(409);
  expect((await answer.json()) as ErrorBody).toMatchObject({
    error: { code: 'QUOTA_REACHED', details: { limit: 400 * 1024 * 1024, used: 450_000_008 } },
  });
});

test('a cashier opts out a busy day of customers, and no whole chain', async () => {
  const phone = '081234567811';
  expectOk(await koneksi.call('POST', `/outlets/${own}/contacts`, { token: user.token, body: { phone } }));
  const optOut = () =>
    koneksi.call<ErrorBody>('POST', '/opt-outs', { token: user.token, body: { phone, outletId: own } });
  expect((await optOut()).status).toBe(201);
  await koneksi.database.dataSource.query(
    `INSERT INTO opt_out_ledger (number, action, means, at, caller_id, caller_name)
     SELECT '62812' || n, 'OPT_OUT', 'STAFF', now(), $1, 'x' FROM generate_series(1, 100) AS n`,
    [user.user.id],
  );
  expect(await optOut()).toMatchObject({ status: 409, code: 'QUOTA_REACHED' });
});

test.each([
  ['h2c', '/api/outlets/status', 200],
  ['h2c', '/health/live', 200],
  ['websocket', '/api/outlets', 200],
  ['websocket', '/nothing.js', 404],
])('whoever offers %s at %s is answered without it', async (upgrade, path, status) => {
  const asked = request(`${koneksi.app.url}${path}`, {
    headers: { authorization: `Bearer ${user.token}`, connection: 'Upgrade, HTTP2-Settings', upgrade },
  }).end();
  const answered = await new Promise<number | undefined>((resolve, reject) => {
    asked.once('response', (response) => resolve(response.resume().statusCode)).once('error', reject);
  });
  expect(answered).toBe(status);
});
