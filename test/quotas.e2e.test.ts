import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { QuotaList, QuotaName } from '@koneksi/contracts/quotas';
import { Presses } from '../src/outlets/presses.js';
import { addContacts } from './support/blasts.js';
import { expectOk, Koneksi, PASSWORD, type Answer, type LinkedOutlet, type Person } from './support/koneksi.js';

let koneksi: Koneksi;
let shop: LinkedOutlet;
let phones: string[];

beforeAll(async () => {
  koneksi = await Koneksi.start();
  shop = await koneksi.linked(await koneksi.dashboard());
  phones = await addContacts(
    { simulator: koneksi.simulator, dataSource: koneksi.database.dataSource },
    shop.outlet.id,
    0,
    3,
  );
});
afterAll(() => koneksi.stop());

interface Told {
  policy: Record<string, string>;
  left: number;
}
/** What an answer says of a limit: `"login";q=10;w=900` beside `"login";r=9;t=900`. */
function told({ headers }: Pick<Answer<unknown>, 'headers'>, name: string): Told | undefined {
  const read = (header: string): Record<string, string> | undefined => {
    const all = (headers.get(header) ?? '').split(', ').map((text) => text.split(';'));
    const own = all.find(([quoted]) => quoted === `"${name}"`);
    return own && Object.fromEntries(own.slice(1).map((pair) => pair.split('=') as [string, string]));
  };
  const policy = read('RateLimit-Policy');
  const state = read('RateLimit');
  return policy && state && { policy, left: Number(state['r']) };
}

async function quotas(token: string, query = ''): Promise<Partial<Record<QuotaName, number>>> {
  const { items } = expectOk(await koneksi.call<QuotaList>('GET', `/quotas${query}`, { token }));
  return Object.fromEntries(items.map(({ name, used }) => [name, used]));
}

const nextYear = (): string => new Date(Date.now() + 300 * 86_400_000).toISOString();
const schedule = (message: string, more: object = {}, token?: string): Promise<Answer<{ id: string }>> =>
  koneksi.call('POST', '/blasts', {
    ...(token && { token }),
    body: {
      outletIds: [shop.outlet.id],
      message,
      audience: { phones },
      scheduledAt: nextYear(),
      repeatAcknowledged: true,
      ...more,
    },
  });

/** So many more like one that there is, as if they had been made over a long time. */
async function copies(id: string, count: number, kind: 'blast' | 'message'): Promise<void> {
  await koneksi.database.dataSource.query(
    `INSERT INTO blasts SELECT (jsonb_populate_record(b, jsonb_build_object(
       'id', gen_random_uuid(), 'kind', $3::text, 'recipients', 1, 'idempotency_key', null))).*
     FROM blasts b, generate_series(1, $2::int) WHERE b.id = $1`,
    [id, count, kind],
  );
}

const admin = (): Promise<Person> => koneksi.person('ADMIN');

test('whoever mistypes a password is told how often they still may', async () => {
  const { user } = await admin();
  const logIn = (password: string): Promise<Answer<unknown>> =>
    koneksi.call('POST', '/auth/login', { token: null, body: { email: user.email, password } });
  for (const left of [9, 8, 7]) {
    const answer = await logIn('not this one at all');
    expect([answer.status, told(answer, 'login')]).toEqual([401, { policy: { q: '10', w: '900' }, left }]);
    expect(told(answer, 'login-address')!.left).toBeLessThan(100);
  }
  expect(told(await logIn(PASSWORD), 'login')?.left).toBe(10);
  for (let times = 0; times < 10; times++) await logIn('not this one at all');
  const refused = await logIn(PASSWORD);
  expect([refused.status, told(refused, 'login')?.left]).toEqual([429, 0]);
  expect(refused.headers.get('RateLimit')).toContain(`"login";r=0;t=${refused.headers.get('Retry-After')}`);
});

test('every answer to somebody known says how much more they may ask at once', async () => {
  const answers = await Promise.all(
    ['/outlets', '/blasts', '/auth/me', '/outlets/status', '/nowhere'].map((path) => koneksi.call('GET', path)),
  );
  expect(told(answers[0]!, 'requests')?.policy).toEqual({ q: '204', qu: '"concurrent-requests"' });
  expect(told(answers[1]!, 'heavy-requests')?.policy).toEqual({ q: '21', qu: '"concurrent-requests"' });
  expect(told(answers[2]!, 'requests')!.left).toBeGreaterThan(190);
  expect(told(answers[3]!, 'long-requests')!.left).toBeGreaterThan(50);
  expect(answers[4]!.headers.get('RateLimit')).toBeNull();
});

test('an upload says what is left for files, and so does the list of quotas', async () => {
  const { token } = await koneksi.person('USER', [shop.outlet.id]);
  const body = Buffer.from('%PDF-1.7 a short one');
  const response = await fetch(`${koneksi.app.url}/api/blasts/media?fileName=a.pdf`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream' },
    body,
  });
  const { bytes } = (await response.json()) as BlastMedia;
  const limit = 400 * 1024 * 1024;
  expect(told(response, 'files')).toEqual({ policy: { q: String(limit) }, left: limit - bytes });
  expect(await quotas(token)).toEqual({
    files: bytes,
    blasts: 0,
    recipients: 0,
    messages: 0,
    'blasts-a-day': 0,
    'recipients-a-day': 0,
    'repeating-blasts': 0,
    'idempotency-keys': 0,
    'opt-outs': 0,
  });
});

test('contacts are counted by outlet, for those who may see it', async () => {
  const outlet = await koneksi.outlet();
  const { token } = await koneksi.person('USER', [outlet.id]);
  const made = await koneksi.call('POST', `/outlets/${outlet.id}/contacts`, { token, body: { phone: '081234567890' } });
  expect([made.status, told(made, 'contacts')]).toEqual([201, { policy: { q: '250000' }, left: 249_999 }]);
  expect((await quotas(token, `?outletId=${outlet.id}`)).contacts).toBe(1);
  const foreign = await koneksi.call('GET', `/quotas?outletId=${shop.outlet.id}`, { token });
  expect(foreign).toMatchObject({ status: 404, code: 'OUTLET_NOT_FOUND' });
  const body = { name: 'reads', scopes: ['status:read'] };
  const { key } = expectOk(await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body }));
  expect(await quotas(key)).toMatchObject({ blasts: 0, messages: 0 });
});

test('open blasts have an end, which messages are no part of and a replacement does not reach', async () => {
  const { token } = await admin();
  const first = await schedule('Satu', {}, token);
  const { id } = expectOk(first);
  expect(told(first, 'blasts')).toEqual({ policy: { q: '500' }, left: 499 });
  expect(told(first, 'recipients')?.left).toBe(4_999_997);
  await copies(id, 600, 'message');
  expect(told(await schedule('Dua', {}, token), 'blasts')?.left).toBe(498);
  await copies(id, 498, 'blast');
  const refused = await schedule('Tiga', {}, token);
  expect(refused).toMatchObject({
    status: 409,
    body: { error: { code: 'QUOTA_REACHED', details: { name: 'blasts', limit: 500, used: 501 } } },
  });
  expect(told(refused, 'blasts')?.left).toBe(0);
  expect((await schedule('Empat', { replaces: id }, token)).status).toBe(201);
  expect(await quotas(token)).toMatchObject({ blasts: 500, messages: 600 });
});

test('a blast counts as many as it reaches, and one that is too many leaves nothing behind', async () => {
  const { token } = await admin();
  const { id } = expectOk(await schedule('Banyak', {}, token));
  await koneksi.database.dataSource.query('UPDATE blasts SET recipients = 4999998 WHERE id = $1', [id]);
  const refused = await schedule('Satu lagi', {}, token);
  expect(refused).toMatchObject({
    status: 409,
    body: { error: { code: 'QUOTA_REACHED', details: { name: 'recipients', limit: 5_000_000, used: 5_000_001 } } },
  });
  expect(told(refused, 'recipients')?.left).toBe(2);
  expect((await schedule('Berdua', { audience: { phones: phones.slice(0, 2) } }, token)).status).toBe(201);
  expect(await quotas(token)).toMatchObject({ blasts: 2, recipients: 5_000_000 });
});

test('messages that nobody sends have an end of their own, also for many at once', async () => {
  const { token } = await admin();
  const { id } = expectOk(await schedule('Contoh', {}, token));
  await copies(id, 4_998, 'message');
  // Nobody sends for it, so that what is accepted stays.
  const away = await koneksi.outlet();
  const send = (phone: string): Promise<Answer<unknown>> =>
    koneksi.call('POST', '/messages', { token, body: { outletId: away.id, phone, text: 'Halo' } });
  const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => send(`08123456780${index}`)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 409, 409, 409, 409, 409, 409]);
  const refused = answers.find(({ status }) => status === 409)!;
  expect(refused.body).toMatchObject({ error: { code: 'QUOTA_REACHED', details: { name: 'messages', used: 5_001 } } });
  expect(told(refused, 'messages')?.left).toBe(0);
  expect(await quotas(token)).toMatchObject({ blasts: 1, messages: 5_000 });
});

test('a cashier who opts out many in one moment opts out no more than a day has', async () => {
  const { token, user } = await koneksi.person('USER', [shop.outlet.id]);
  await koneksi.database.dataSource.query(
    `INSERT INTO opt_out_ledger (number, action, means, at, caller_id, caller_name)
     SELECT '62812' || n, 'OPT_OUT', 'STAFF', now(), $1, 'x' FROM generate_series(1, 98) AS n`,
    [user.id],
  );
  const numbers = Array.from({ length: 6 }, (_, index) => `08129988770${index}`);
  for (const phone of numbers)
    expectOk(await koneksi.call('POST', `/outlets/${shop.outlet.id}/contacts`, { token, body: { phone } }));
  const optOut = (phone: string): Promise<Answer<unknown>> =>
    koneksi.call('POST', '/opt-outs', { token, body: { phone, outletId: shop.outlet.id } });
  const answers = await Promise.all(numbers.map(optOut));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409, 409]);
  expect(await quotas(token)).toMatchObject({ 'opt-outs': 100 });
});

test('what was canceled or replaced was made all the same: a day has an end of it', async () => {
  const { token, user } = await koneksi.person('USER', [shop.outlet.id]);
  const first = expectOk(await schedule('Pertama', {}, token));
  // Two of an hour ago, and one of yesterday that counts no more.
  await copies(first.id, 3, 'blast');
  await koneksi.database.dataSource.query(
    `UPDATE blasts b SET status = 'canceled', recipients = 333332, created_at = b.created_at - nth.hours * interval '1 hour'
     FROM (SELECT id, CASE row_number() OVER (ORDER BY id) WHEN 1 THEN 25 ELSE 1 END AS hours FROM blasts
       WHERE created_by = $1 AND id <> $2) nth
     WHERE b.id = nth.id`,
    [user.id, first.id],
  );
  await koneksi.database.dataSource.query('UPDATE blasts SET recipients = 333332 WHERE id = $1', [first.id]);
  expectOk(await koneksi.call('POST', `/blasts/${first.id}/cancel`, { token }));
  const second = expectOk(await schedule('Kedua', {}, token));
  const refused = await schedule('Ketiga', { replaces: second.id }, token);
  expect(refused).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS' });
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(22 * 3_600);
  expect(told(refused, 'recipients-a-day')).toEqual({ policy: { q: '1000000', w: '86400' }, left: 0 });
  expect(await quotas(token)).toMatchObject({ 'blasts-a-day': 4, 'recipients-a-day': 999_999 });
  expect(await koneksi.call('GET', `/blasts/${second.id}`, { token })).toMatchObject({ body: { status: 'scheduled' } });
  const few = { audience: { phones: phones.slice(0, 1) }, replaces: second.id };
  expect((await schedule('Keempat', few, token)).status).toBe(201);
  expect(await quotas(token)).toMatchObject({ 'blasts-a-day': 5, 'recipients-a-day': 1_000_000 });
});

test('each press on a blast, each test and each link leaves a line for good: a day has an end of them', async () => {
  const { token, user } = await koneksi.person('USER', [shop.outlet.id]);
  const ids = [expectOk(await schedule('A', {}, token)).id, expectOk(await schedule('B', {}, token)).id];
  const presses = koneksi.app.app.get(Presses, { strict: false });
  for (const pressed of [ids[0]!, shop.outlet.id])
    for (let nth = 0; nth < 1_000; nth++) await presses.take(user.id, pressed);
  expect(await quotas(token, `?outletId=${shop.outlet.id}`)).toMatchObject({ presses: 1_000 });
  const press = async (path: string, body: object = {}): Promise<[number, string | undefined]> => {
    const { status, code } = await koneksi.call('POST', path, { token, body });
    return [status, code];
  };
  const tooMany = [429, 'TOO_MANY_ATTEMPTS'];
  for (const verb of ['pause', 'resume', 'start', 'retry', 'cancel']) {
    expect([verb, await press(`/blasts/${ids[0]}/${verb}`)]).toEqual([verb, tooMany]);
  }
  expect(await press(`/blasts/${ids[0]}/resolve`, { as: 'sent' })).toEqual(tooMany);
  expect((await press(`/blasts/${ids[1]}/pause`))[0]).toBe(200);
  expect(await press('/blasts/test', { outletId: shop.outlet.id, phone: phones[0], message: 'Halo' })).toEqual(tooMany);
  expect(await press(`/outlets/${shop.outlet.id}/reconnect-links`)).toEqual(tooMany);
});
