import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { User } from '@koneksi/contracts/users';
import { SUPERADMIN, TestApi } from '../../test/support/test-api.js';
import { Passwords } from '../auth/passwords.js';
import { UsersService } from './users.service.js';

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
afterEach(() => {
  jest.restoreAllMocks();
});

const change = (id: string, body: object) => api.call('PATCH', `/users/${id}`, { token, body });
const logIn = (credentials: { email: string; password: string }) =>
  api.call('POST', '/auth/login', { body: { email: credentials.email, password: credentials.password } });
const me = async (bearer: string) => (await api.call('GET', '/auth/me', { token: bearer })).status;

test('who is disabled is out at once: tokens, refresh, API keys and sockets', async () => {
  const person = await api.person('ADMIN');
  const { accessToken, cookie } = await api.signIn(person);
  const made = await api.call('POST', '/api-keys', { token: accessToken, body: { name: 'Till', role: 'ADMIN' } });
  const { id: keyId, key } = made.body as CreatedApiKey;
  expect(await me(key)).toBe(200);

  const answer = await change(person.id, { isDisabled: true });
  expect(answer).toMatchObject({ status: 200, body: { id: person.id, isDisabled: true } });
  expect(api.facts).toEqual([
    { name: 'access.changed', fact: { callerId: person.id } },
    { name: 'access.changed', fact: { callerId: keyId } },
  ]);
  expect(await me(accessToken)).toBe(401);
  expect(await me(key)).toBe(401);
  expect((await api.call('POST', '/auth/refresh', { headers: { cookie } })).status).toBe(401);
  expect(await logIn(person)).toMatchObject({ status: 401, code: 'INVALID_CREDENTIALS' });

  await change(person.id, { isDisabled: false });
  expect(await me(accessToken)).toBe(401);
  expect(await me(key)).toBe(200);
  expect((await logIn(person)).status).toBe(200);
});

test('a refused log-in does not tell who is disabled, neither by its words nor by its work', async () => {
  const person = await api.person('USER');
  await change(person.id, { isDisabled: true });
  const matches = jest.spyOn(Passwords.prototype, 'matches');
  const right = await logIn(person);
  const wrong = await logIn({ ...person, password: 'not the password' });
  const told = ({ status, code, body }: typeof right) => {
    const { message } = (body as { error: { message: string } }).error;
    return { status, code, message };
  };
  expect(told(right)).toEqual(told(wrong));
  expect(matches).toHaveBeenCalledTimes(2);
  expect(right.headers.getSetCookie()).toEqual([]);
  const users = (await api.call('GET', '/users', { token })).body as User[];
  expect(users.find(({ id }) => id === person.id)?.lastLoginAt).toBeNull();
});

test('a log-in that was checked before the user was disabled does not count', async () => {
  const person = await api.person('USER');
  jest.spyOn(Passwords.prototype, 'matches').mockImplementation(async () => {
    await api.app.get(UsersService).update(person.id, { isDisabled: true });
    return true;
  });
  expect(await logIn(person)).toMatchObject({ status: 401, code: 'INVALID_CREDENTIALS' });
});

test('who is disabled by SQL is out as well', async () => {
  const person = await api.person('USER');
  const { accessToken } = await api.signIn(person);
  await api.database.dataSource.query('UPDATE users SET is_disabled = true WHERE id = $1', [person.id]);
  expect(await me(accessToken)).toBe(401);
});

test('disabling twice, or enabling who is enabled, cuts nobody a second time', async () => {
  const person = await api.person('USER');
  await change(person.id, { isDisabled: false });
  expect(api.facts).toEqual([]);
  await change(person.id, { isDisabled: true });
  await change(person.id, { isDisabled: true, name: 'Gone' });
  expect(api.facts).toHaveLength(1);
});

test('the last SUPERADMIN who can sign in cannot be disabled, demoted or removed', async () => {
  const rival = await api.person('SUPERADMIN');
  expect((await change(rival.id, { isDisabled: true })).status).toBe(200);
  for (const body of [{ isDisabled: true }, { role: 'ADMIN' }])
    expect(await change(myself.id, body)).toMatchObject({ status: 409, code: 'LAST_SUPERADMIN' });
  expect(await api.call('DELETE', `/users/${myself.id}`, { token })).toMatchObject({ code: 'LAST_SUPERADMIN' });
  expect((await change(rival.id, { role: 'ADMIN' })).status).toBe(200);
});

test('two SUPERADMINs who disable each other at once leave one', async () => {
  const users = api.app.get(UsersService);
  for (let round = 0; round < 5; round++) {
    const rival = await api.person('SUPERADMIN');
    await Promise.allSettled([
      users.update(rival.id, { isDisabled: true }),
      users.update(myself.id, round % 2 ? { isDisabled: true } : { role: 'USER' }),
    ]);
    const able = (await users.list()).filter(({ role, isDisabled }) => role === 'SUPERADMIN' && !isDisabled);
    expect(able).toHaveLength(1);
    await users.update(myself.id, { role: 'SUPERADMIN', isDisabled: false });
    await users.remove(rival.id);
  }
  token = await api.token(SUPERADMIN);
});

test('the last log-in is told, and nobody writes it', async () => {
  const person = await api.person('USER');
  const { user } = await api.signIn(person);
  const first = Date.parse(user.lastLoginAt!);
  expect(Math.abs(first - api.clock.now())).toBeLessThan(10_000);
  api.clock.skip(60_000);
  expect(Date.parse((await api.signIn(person)).user.lastLoginAt!)).toBeGreaterThanOrEqual(first + 60_000);
  const answer = await change(person.id, { lastLoginAt: null, isDisabled: 'yes' });
  const { error } = answer.body as { error: { fields: { field: string }[] } };
  expect(error.fields.map(({ field }) => field).sort()).toEqual(['isDisabled', 'lastLoginAt']);
});

test('ten log-ins of one user at once all succeed', async () => {
  const person = await api.person('USER');
  const answers = await Promise.all(Array.from({ length: 10 }, () => logIn(person)));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
});
