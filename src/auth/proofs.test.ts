import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { RecoveryCodes, SecondFactorSecret } from '@koneksi/contracts/second-factor';
import { Secret, TOTP } from 'otpauth';
import { PASSWORD, SUPERADMIN, TestApi } from '../../test/support/test-api.js';

const QUARTER_HOUR = 15 * 60_000;
const NEEDED = { status: 403, code: 'PROOF_NEEDED' };

let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());

const makeKey = (as = token) =>
  api.call('POST', '/api-keys', { token: as, body: { name: 'Pantau', scopes: ['status:read'] } });
const prove = (body: object, as = token) => api.call('POST', '/auth/me/proof', { token: as, body });

describe('a session that was not proved lately', () => {
  let person: Awaited<ReturnType<TestApi['person']>>;
  beforeEach(async () => {
    person = await api.person('USER');
    token = (await api.signInAs(await superadmin())).accessToken;
    api.clock.skip(QUARTER_HOUR);
  });

  test.each<[string, (id: string) => [method: string, path: string, body?: object]]>([
    ['a key', () => ['POST', '/api-keys', { name: 'Pantau', role: 'ADMIN' }]],
    ['a user', () => ['POST', '/users', { email: 'x@example.com', name: 'X', password: PASSWORD, role: 'SUPERADMIN' }]],
    ['an address that passwords are sent to', (id) => ['PATCH', `/users/${id}`, { email: 'lain@example.com' }]],
    ['a password', (id) => ['PATCH', `/users/${id}`, { password: 'hujan turun di Bogor' }]],
    ['a role', (id) => ['PATCH', `/users/${id}`, { role: 'SUPERADMIN' }]],
    ['outlets', (id) => ['PATCH', `/users/${id}`, { outletIds: [] }]],
    ['a way back in', (id) => ['PATCH', `/users/${id}`, { isDisabled: false }]],
    ['one step less', (id) => ['DELETE', `/users/${id}/second-factor`]],
    ['a key, by a body that fits nothing', () => ['POST', '/api-keys', ['name']]],
  ])('makes nothing lasting: %s', async (_, what) => {
    const [method, path, body] = what(person.id);
    const answer = await api.call(method, path, { token, body });
    expect(answer).toMatchObject({ ...NEEDED, body: { error: { details: { by: 'password' } } } });
    expect((await prove({ currentPassword: SUPERADMIN.password })).status).toBe(204);
    expect(await api.call(method, path, { token, body })).not.toMatchObject(NEEDED);
  });

  test.each([{ name: 'Lain' }, { isDisabled: true }])('still lets %j be done, which opens nothing', async (body) => {
    expect((await api.call('PATCH', `/users/${person.id}`, { token, body })).status).toBe(200);
  });

  test('is not proved by renewing its token', async () => {
    const { cookie } = await api.signInAs(await superadmin());
    api.clock.skip(QUARTER_HOUR);
    const renewed = await api.call('POST', '/auth/refresh', { headers: { cookie } });
    expect(await makeKey((renewed.body as { accessToken: string }).accessToken)).toMatchObject(NEEDED);
  });

  test('a repeated request is no way around it: the key is not shown again', async () => {
    await prove({ currentPassword: SUPERADMIN.password });
    const headers = { 'idempotency-key': 'sekali' };
    const body = { name: 'Sekali', role: 'ADMIN' };
    expect((await api.call('POST', '/api-keys', { token, body, headers })).status).toBe(201);
    api.clock.skip(QUARTER_HOUR);
    expect(await api.call('POST', '/api-keys', { token, body, headers })).toMatchObject(NEEDED);
  });
});

test('one proof is of one session, and ends', async () => {
  const [one, other] = [await api.signInAs(await superadmin()), await api.signInAs(await superadmin())];
  api.clock.skip(QUARTER_HOUR);
  expect((await prove({ currentPassword: SUPERADMIN.password }, one.accessToken)).status).toBe(204);
  expect((await makeKey(one.accessToken)).status).toBe(201);
  expect(await makeKey(other.accessToken)).toMatchObject(NEEDED);
  api.clock.skip(QUARTER_HOUR);
  expect(await makeKey(one.accessToken)).toMatchObject(NEEDED);
  // A clock that was set back makes nobody proved for longer.
  api.clock.skip(-3 * QUARTER_HOUR);
  expect(await makeKey(one.accessToken)).toMatchObject(NEEDED);
  api.clock.skip(3 * QUARTER_HOUR);
});

test('a right log-in is a proof; wrong passwords are none, and come to an end as at the log-in', async () => {
  const admin = await api.person('ADMIN');
  token = await api.token({ email: admin.email, password: PASSWORD });
  expect((await makeKey()).status).toBe(201);
  api.clock.skip(QUARTER_HOUR);
  const refused = { status: 400, body: { error: { fields: [{ field: 'currentPassword' }] } } };
  for (const body of [{}, { code: '123456' }, { currentPassword: '' }, { currentPassword: `${PASSWORD}!` }])
    expect(await prove(body)).toMatchObject(refused);
  const answers = [];
  for (let nth = 0; nth < 12; nth++) answers.push((await prove({ currentPassword: `salah ${nth}` })).status);
  expect(answers.at(-1)).toBe(429);
  expect(await makeKey()).toMatchObject(NEEDED);
});

test('where the log-in asks for a code, the password alone is no proof', async () => {
  const admin = await api.person('ADMIN');
  token = (await api.signInAs(admin)).accessToken;
  const made = await api.call('POST', '/auth/me/second-factor', { token, body: { currentPassword: PASSWORD } });
  const { secret } = made.body as SecondFactorSecret;
  const codeAt = (timestamp: number) => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
  const code = codeAt(api.clock.wall());
  const on = await api.call('POST', '/auth/me/second-factor/confirm', { token, body: { code } });
  const { recoveryCodes } = on.body as RecoveryCodes;
  api.clock.skip(QUARTER_HOUR);
  expect(await makeKey()).toMatchObject({ ...NEEDED, body: { error: { details: { by: 'code' } } } });
  const refused = { status: 400, body: { error: { fields: [{ field: 'code' }] } } };
  expect(await prove({ currentPassword: PASSWORD })).toMatchObject(refused);
  expect(await prove({ currentPassword: PASSWORD, code: '000000' })).toMatchObject(refused);
  expect(await makeKey()).toMatchObject(NEEDED);
  expect((await prove({ code: codeAt(api.clock.wall()) })).status).toBe(204);
  expect((await makeKey()).status).toBe(201);
  api.clock.skip(QUARTER_HOUR);
  expect((await prove({ code: recoveryCodes[0] })).status).toBe(204);
  expect((await makeKey()).status).toBe(201);
  api.clock.skip(QUARTER_HOUR);
  // Each is taken once.
  expect(await prove({ code: recoveryCodes[0] })).toMatchObject(refused);
});

test('a key has nothing to prove, and proves nothing', async () => {
  const admin = await api.person('ADMIN');
  token = (await api.signInAs(admin)).accessToken;
  const { key } = (await api.call('POST', '/api-keys', { token, body: { name: 'Pantau', role: 'ADMIN' } }))
    .body as CreatedApiKey;
  expect(await prove({ currentPassword: PASSWORD }, key)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
});

async function superadmin(): Promise<{ id: string }> {
  const [found] = await api.database.dataSource.query<{ id: string }[]>('SELECT id FROM users WHERE email = $1', [
    SUPERADMIN.email,
  ]);
  return found!;
}
