import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { User } from '@koneksi/contracts/users';
import { SUPERADMIN, TestApi } from '../../test/support/test-api.js';
import { UserEntity, UserOutletEntity } from '../auth/user.entity.js';
import { UsersService } from './users.service.js';

const nobodys = '00000000-0000-4000-8000-000000000000';

let api: TestApi;
let token: string;
let myself: User;
beforeAll(async () => {
  api = await TestApi.start();
  ({ accessToken: token, user: myself } = await api.signIn());
});
afterAll(() => api.stop());
beforeEach(() => {
  api.facts.length = 0;
});

const create = (body: object) => api.call('POST', '/users', { token, body });
const update = (id: string, body: object) => api.call('PATCH', `/users/${id}`, { token, body });
const remove = (id: string) => api.call('DELETE', `/users/${id}`, { token });
const list = async () => (await api.call('GET', '/users', { token })).body as User[];

let made = 0;
const request = (more: object = {}) => ({
  email: `person${++made}@example.com`,
  name: 'Siti',
  password: 'a long password',
  role: 'USER',
  outletIds: [],
  ...more,
});

test('creates a user who can sign in, and never answers a password', async () => {
  const outlet = await api.outlet();
  const answer = await create(request({ email: ' Siti@Example.com ', outletIds: [outlet.id, outlet.id] }));
  expect(answer.status).toBe(201);
  const expected = {
    id: expect.any(String),
    email: 'siti@example.com',
    name: 'Siti',
    role: 'USER',
    outletIds: [outlet.id],
    isDisabled: false,
    lastLoginAt: null,
    mustChangePassword: false,
    language: 'id',
    theme: 'system',
    hasSecondFactor: false,
  };
  expect(answer.body).toEqual(expected);
  const { user: signedIn } = await api.signIn({ email: 'SITI@example.com', password: 'a long password' });
  expect(signedIn).toEqual({ ...expected, lastLoginAt: expect.any(String) });
  expect(await list()).toContainEqual(signedIn);
  for (const user of await list()) expect(Object.keys(user).sort()).toEqual(Object.keys(expected).sort());
});

test('keeps passwords as argon2id with 19 MiB, two passes, one lane', async () => {
  const { id } = (await create(request())).body as User;
  const row = await api.database.dataSource.manager.findOneOrFail(UserEntity, {
    where: { id },
    select: { passwordHash: true },
  });
  expect(row.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test('takes any password that is long enough, however it is composed or typed', async () => {
  for (const password of ['hujan deras', 'éàüöñ éàüöñ', '雨の日の猫とティッシュ箱', 'x9$kQ2!vLm']) {
    const body = request({ password });
    expect((await create(body)).status).toBe(201);
    expect((await api.signIn({ email: body.email, password: password.normalize('NFD') })).user.email).toBe(body.email);
  }
});

test.each([
  [{}, ['email', 'name', 'password', 'role']],
  [{ ...request(), email: 'nobody', password: 'short', role: 'ROOT' }, ['email', 'password', 'role']],
  [{ ...request(), outletIds: [nobodys] }, ['outletIds.0']],
  [{ ...request(), outletIds: ['x'] }, ['outletIds.0']],
  [{ ...request(), outletIds: 'all' }, ['outletIds']],
  [{ ...request(), isDisabled: true, lastLoginAt: null }, ['isDisabled', 'lastLoginAt']],
  [{ ...request(), name: 'a\u0000b' }, ['name']],
  [{ ...request(), id: nobodys, tokenVersion: 7, passwordHash: 'x' }, ['id', 'tokenVersion', 'passwordHash']],
])('refuses %j by field', async (body, fields) => {
  const before = (await list()).length;
  const answer = await create(body);
  expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  const { error } = answer.body as { error: { fields: { field: string }[] } };
  expect(error.fields.map(({ field }) => field)).toEqual(fields);
  expect((await list()).length).toBe(before);
});

test('names each outlet that does not exist, and only those', async () => {
  const outlet = await api.outlet();
  const { id } = await api.person('USER', [outlet.id]);
  const answer = await update(id, { outletIds: [nobodys, outlet.id.toUpperCase(), nobodys.replace('8', '9')] });
  const { error } = answer.body as { error: { fields: { field: string }[] } };
  expect(error.fields.map(({ field }) => field)).toEqual(['outletIds.0', 'outletIds.2']);
  expect((await list()).find((user) => user.id === id)?.outletIds).toEqual([outlet.id]);
});

test('of two users with one email, however it is written, exactly one is made', async () => {
  const { email } = request();
  const answers = await Promise.all(
    [email, email.toUpperCase()].map((written) => create({ ...request(), email: written })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  expect(answers.find(({ status }) => status === 409)?.code).toBe('EMAIL_TAKEN');
  const { id } = await api.person('USER');
  expect(await update(id, { email })).toMatchObject({ status: 409, code: 'EMAIL_TAKEN' });
});

test('roles that see all have no outlets assigned', async () => {
  const outlet = await api.outlet();
  const admin = (await create(request({ role: 'ADMIN', outletIds: [outlet.id] }))).body as User;
  expect(admin.outletIds).toEqual([]);
  const user = await api.person('USER', [outlet.id]);
  expect((await update(user.id, { role: 'ADMIN' })).body).toMatchObject({ role: 'ADMIN', outletIds: [] });
  expect((await update(user.id, { role: 'USER' })).body).toMatchObject({ role: 'USER', outletIds: [] });
  expect(await api.database.dataSource.manager.countBy(UserOutletEntity, { outletId: outlet.id })).toBe(0);
});

test('a change touches what it names', async () => {
  const outlet = await api.outlet();
  const { password, ...user } = await api.person('USER', [outlet.id]);
  const email = request().email;
  expect((await update(user.id, { name: 'Budi', email })).body).toEqual({ ...user, name: 'Budi', email });
  expect((await update(user.id, {})).body).toEqual({ ...user, name: 'Budi', email });
  expect((await api.signIn({ email, password })).user.id).toBe(user.id);
  expect(api.facts.filter(({ name }) => name === 'access.changed')).toEqual([]);
});

test.each(['nonsense', nobodys])('there is no user %s', async (id) => {
  expect(await update(id, { name: 'X' })).toMatchObject({ status: 404, code: 'USER_NOT_FOUND' });
  expect(await update(id, { role: 'USER' })).toMatchObject({ status: 404, code: 'USER_NOT_FOUND' });
  expect(await remove(id)).toMatchObject({ status: 404, code: 'USER_NOT_FOUND' });
});

test('a removed user is gone, and may be made again', async () => {
  const { id, email } = await api.person('USER');
  expect((await remove(id)).status).toBe(204);
  expect(api.facts).toEqual([{ name: 'access.changed', fact: { callerId: id } }]);
  expect((await remove(id)).status).toBe(404);
  expect((await create(request({ email }))).status).toBe(201);
});

test('the last SUPERADMIN can be neither removed nor demoted', async () => {
  expect(await remove(myself.id)).toMatchObject({ status: 409, code: 'LAST_SUPERADMIN' });
  expect(await update(myself.id, { role: 'ADMIN' })).toMatchObject({ status: 409, code: 'LAST_SUPERADMIN' });
  expect((await update(myself.id, { role: 'SUPERADMIN', name: 'Chief' })).status).toBe(200);
  expect((await api.call('GET', '/auth/me', { token })).body).toMatchObject({ role: 'SUPERADMIN', name: 'Chief' });
});

test('two SUPERADMINs who demote each other at once leave one', async () => {
  const users = api.app.get(UsersService);
  for (let round = 0; round < 5; round++) {
    const rival = await api.person('SUPERADMIN');
    const outcomes = await Promise.allSettled([
      users.update(rival.id, { role: 'ADMIN' }),
      round % 2 ? users.update(myself.id, { role: 'ADMIN' }) : users.remove(rival.id),
      users.update(myself.id, { role: 'USER' }),
    ]);
    const superadmins = (await users.list()).filter(({ role }) => role === 'SUPERADMIN');
    expect(superadmins).toHaveLength(1);
    const refusals = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as { code: string }] : [],
    );
    for (const { code } of refusals) expect(['LAST_SUPERADMIN', 'USER_NOT_FOUND']).toContain(code);
    await users.update(myself.id, { role: 'SUPERADMIN' }).catch(() => undefined);
    for (const { id } of superadmins) if (id !== myself.id) await users.remove(id);
  }
  token = await api.token(SUPERADMIN);
});
