import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ApiKey, CreatedApiKey } from '@koneksi/contracts/auth';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { User } from '@koneksi/contracts/users';
import { TestApi } from '../../test/support/test-api.js';
import { UsersService } from '../users/users.service.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { Authenticator } from './authenticator.js';

let api: TestApi;
let superadmin: string;
let maker: User;
let admin: string;
let one: Outlet;
let other: Outlet;

beforeAll(async () => {
  api = await TestApi.start();
  one = await api.outlet();
  other = await api.outlet();
  superadmin = await api.token();
});
afterAll(() => api.stop());
beforeEach(async () => {
  const person = await api.person('ADMIN');
  maker = person;
  admin = await api.token(person);
  api.facts.length = 0;
});

async function make(request: object, token = admin): Promise<CreatedApiKey> {
  const answer = await api.call('POST', '/api-keys', { token, body: request });
  if (answer.status !== 201) throw new Error(`answered ${answer.status} ${answer.code}`);
  return answer.body as CreatedApiKey;
}

const outletsFor = async (token: string) => {
  const answer = await api.call('GET', '/outlets', { token });
  return answer.status === 200 ? (answer.body as Outlet[]).map(({ id }) => id) : answer.code;
};
const listFor = async (token: string) => (await api.call('GET', '/api-keys', { token })).body as ApiKey[];

test('a key is shown once, and is kept as a hash', async () => {
  const { key, ...made } = await make({ name: 'Kasir', outletIds: [one.id] });
  expect(key).toMatch(/^kon_[\w-]{43}$/);
  expect(made).toEqual({
    id: expect.any(String),
    name: 'Kasir',
    role: 'USER',
    scopes: null,
    outletIds: [one.id],
    createdBy: { id: maker.id, name: maker.name },
    createdAt: expect.stringMatching(/Z$/),
    expiresAt: null,
    lastUsedAt: null,
  });
  expect(await listFor(admin)).toEqual([made]);
  const rows: unknown = await api.database.dataSource.query('SELECT * FROM api_keys');
  expect(JSON.stringify(rows)).not.toContain(key.slice(4));
});

test('a key sees its outlets, on REST and on sockets alike', async () => {
  const { key, id } = await make({ name: 'Kasir', outletIds: [one.id, one.id] });
  expect(await outletsFor(key)).toEqual([one.id]);
  expect((await api.call('GET', `/outlets/${other.id}`, { token: key })).code).toBe('OUTLET_NOT_FOUND');
  expect((await api.call('PATCH', `/outlets/${one.id}`, { token: key, body: { name: 'X' } })).code).toBe('FORBIDDEN');
  expect(await api.app.get(Authenticator).authenticate(key)).toEqual({
    caller: { id, kind: 'api-key', name: 'Kasir', role: 'USER', outletIds: [one.id], scopes: null },
    expiresAt: null,
  });
  expect((await api.call('GET', '/auth/me', { token: key })).body).toEqual({
    kind: 'api-key',
    id,
    email: null,
    name: 'Kasir',
    role: 'USER',
    outletIds: [one.id],
  });
});

test.each([
  [{ name: 'K' }, ['outletIds']],
  [{ name: 'K', role: 'USER', outletIds: [] }, ['outletIds']],
  [{ name: 'K', role: 'SUPERADMIN' }, ['role']],
  [{ name: '', outletIds: ['x'] }, ['name', 'outletIds.0']],
  [{ name: 'K', outletIds: ['00000000-0000-4000-8000-000000000000'] }, ['outletIds.0']],
  [{ name: 'K', role: 'ADMIN', expiresAt: '2020-01-01T00:00:00Z' }, ['expiresAt']],
  [{ name: 'K', role: 'ADMIN', expiresAt: 'tomorrow' }, ['expiresAt']],
  [{ name: 'K', role: 'ADMIN', key: 'kon_mine', makerId: 'x' }, ['key', 'makerId']],
])('refuses %j by field', async (body, fields) => {
  const answer = await api.call('POST', '/api-keys', { token: admin, body });
  expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  const { error } = answer.body as { error: { fields: { field: string }[] } };
  expect(error.fields.map(({ field }) => field)).toEqual(fields);
});

test('an outlet named twice, once in upper case, is one outlet', async () => {
  const { outletIds } = await make({ name: 'Kasir', outletIds: [one.id, one.id.toUpperCase()] });
  expect(outletIds).toEqual([one.id]);
});

test("an ADMIN manages their own keys, a SUPERADMIN everyone's", async () => {
  const mine = await make({ name: 'Mine', role: 'ADMIN' });
  const supers = await make({ name: 'Not mine', role: 'ADMIN' }, superadmin);
  expect((await listFor(admin)).map(({ id }) => id)).toEqual([mine.id]);
  expect((await listFor(superadmin)).map(({ id }) => id)).toEqual(expect.arrayContaining([mine.id, supers.id]));
  const foreign = await api.call('DELETE', `/api-keys/${supers.id}`, { token: admin });
  expect(foreign).toMatchObject({ status: 404, code: 'API_KEY_NOT_FOUND' });
  expect((await api.call('DELETE', '/api-keys/nonsense', { token: admin })).code).toBe('API_KEY_NOT_FOUND');
  expect((await api.call('DELETE', `/api-keys/${mine.id}`, { token: superadmin })).status).toBe(204);
});

test('a revoked key is refused at once, and its sockets are cut', async () => {
  const { id, key } = await make({ name: 'K', role: 'ADMIN' });
  expect((await api.call('GET', '/outlets', { token: key })).status).toBe(200);
  await api.call('DELETE', `/api-keys/${id}`, { token: admin });
  expect(await outletsFor(key)).toBe('UNAUTHENTICATED');
  expect(api.facts).toEqual([{ name: 'access.changed', fact: { callerId: id } }]);
});

test('a key cannot make, see or revoke keys', async () => {
  const { id, key } = await make({ name: 'K', role: 'ADMIN' });
  const { id: second } = await make({ name: 'K2', role: 'ADMIN' });
  expect((await api.call('POST', '/api-keys', { token: key, body: { name: 'L', role: 'ADMIN' } })).code).toBe(
    'FORBIDDEN',
  );
  expect((await api.call('DELETE', `/api-keys/${second}`, { token: key })).code).toBe('FORBIDDEN');
  expect((await api.call('DELETE', `/api-keys/${id}`, { token: key })).code).toBe('FORBIDDEN');
  expect((await api.call('GET', '/api-keys', { token: key })).code).toBe('FORBIDDEN');
  expect((await listFor(admin)).map((listed) => listed.id).sort()).toEqual([id, second].sort());
});

test('a key never may more than its maker may now', async () => {
  const users = api.app.get(UsersService);
  const wide = await make({ name: 'Wide', role: 'ADMIN' });
  const narrow = await make({ name: 'Narrow', outletIds: [one.id, other.id] });
  api.facts.length = 0;

  await users.update(maker.id, { role: 'USER', outletIds: [other.id] });
  expect(await outletsFor(wide.key)).toEqual([other.id]);
  expect(await outletsFor(narrow.key)).toEqual([other.id]);
  expect((await api.call('GET', '/api-keys', { token: wide.key })).code).toBe('FORBIDDEN');
  const told = () => api.facts.map(({ fact }) => (fact as { callerId: string }).callerId).sort();
  expect(told()).toEqual([maker.id, wide.id, narrow.id].sort());

  api.facts.length = 0;
  await users.remove(maker.id);
  expect(await outletsFor(wide.key)).toBe('UNAUTHENTICATED');
  expect(told()).toEqual([maker.id, wide.id, narrow.id].sort());
});

test('an outlet that is removed is gone for the key too', async () => {
  const gone = await api.outlet();
  const { key } = await make({ name: 'K', outletIds: [gone.id] });
  await api.call('DELETE', `/outlets/${gone.id}`, { token: admin });
  expect(await outletsFor(key)).toEqual([]);
});

test('a key ends when it should', async () => {
  const expiresAt = new Date(api.clock.now() + 3_600_000).toISOString();
  const { key } = await make({ name: 'K', role: 'ADMIN', expiresAt });
  expect((await api.app.get(Authenticator).authenticate(key))?.expiresAt?.toISOString()).toBe(expiresAt);
  api.clock.skip(3_600_000);
  expect(await outletsFor(key)).toBe('UNAUTHENTICATED');
  expect(await api.app.get(Authenticator).authenticate(key)).toBeNull();
});

test('its last use is noted to the minute, not at every request', async () => {
  const { id, key } = await make({ name: 'K', role: 'ADMIN' });
  const used = async () => {
    await outletsFor(key);
    return (await api.database.dataSource.manager.findOneByOrFail(ApiKeyEntity, { id })).lastUsedAt!.getTime();
  };
  const first = await used();
  expect(Math.abs(first - api.clock.now())).toBeLessThan(30_000);
  api.clock.skip(50_000);
  expect(await used()).toBe(first);
  api.clock.skip(11_000);
  expect(await used()).toBeGreaterThan(first + 60_000);
});

test.each(['kon_', 'kon_nonsense', `kon_${'a'.repeat(43)}`, `KON_${'a'.repeat(43)}`])('%s is no key', async (token) => {
  expect(await outletsFor(token)).toBe('UNAUTHENTICATED');
});
