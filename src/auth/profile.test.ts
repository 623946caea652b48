import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import { TestApi, type Answer } from '../../test/support/test-api.js';

const NEW = 'another long password';

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(() => {
  api.facts.length = 0;
});

const me = (token: string): Promise<Answer> => api.call('GET', '/auth/me', { token });
const change = (token: string, body: unknown): Promise<Answer> => api.call('PATCH', '/auth/me', { token, body });
const changePassword = (token: string, body: unknown): Promise<Answer> =>
  api.call('POST', '/auth/me/password', { token, body });
const fieldsOf = (answer: Answer): string[] =>
  (answer.body as { error: { fields: { field: string }[] } }).error.fields.map(({ field }) => field);

test('people change their name, language and theme, and find them at the next log-in', async () => {
  const person = await api.person('USER');
  const token = await api.token(person);
  expect((await me(token)).body).toMatchObject({ kind: 'user', language: 'id', theme: 'system' });
  const answer = await change(token, { name: ' Siti ', language: 'en', theme: 'dark' });
  expect(answer).toMatchObject({ status: 200, body: { kind: 'user', name: 'Siti', language: 'en', theme: 'dark' } });
  expect((await change(token, { theme: 'light' })).body).toMatchObject({ language: 'en', theme: 'light' });
  expect((await change(token, {})).body).toEqual((await me(token)).body);
  expect((await api.signIn(person)).user).toMatchObject({ name: 'Siti', language: 'en', theme: 'light' });
  expect(api.facts).toEqual([]);
});

test.each([
  [{ name: '' }, ['name']],
  [{ name: 'x'.repeat(81), language: 'fr', theme: 'blue' }, ['name', 'language', 'theme']],
  [{ role: 'SUPERADMIN', email: 'x@example.com', isDisabled: false }, ['role', 'email', 'isDisabled']],
])('refuses %j by field', async (body, fields) => {
  const token = await api.token();
  const answer = await change(token, body);
  expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(fieldsOf(answer)).toEqual(fields);
});

test('an API key has no profile to change, and no password', async () => {
  const token = await api.token();
  const made = await api.call('POST', '/api-keys', { token, body: { name: 'Till', role: 'ADMIN' } });
  const { key } = made.body as CreatedApiKey;
  expect(await change(key, { name: 'X' })).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  const body = { currentPassword: 'x', newPassword: NEW };
  expect(await changePassword(key, body)).toMatchObject({ status: 403, code: 'FORBIDDEN' });
  const { id, name } = made.body as CreatedApiKey;
  expect((await me(key)).body).toEqual({ kind: 'api-key', id, email: null, name, role: 'ADMIN', outletIds: [] });
});

test('a new password ends every other sign-in and keeps this one, cookie and all', async () => {
  const person = await api.person('ADMIN');
  const here = await api.signIn(person);
  const elsewhere = await api.signIn(person);
  const answer = await changePassword(here.accessToken, { currentPassword: person.password, newPassword: NEW });
  expect(answer).toMatchObject({ status: 204, body: '' });
  expect(api.facts).toEqual([{ name: 'access.changed', fact: { callerId: person.id } }]);
  expect((await me(here.accessToken)).status).toBe(200);
  expect((await api.call('POST', '/auth/refresh', { headers: { cookie: here.cookie } })).status).toBe(200);
  expect((await me(elsewhere.accessToken)).status).toBe(401);
  expect((await api.call('POST', '/auth/refresh', { headers: { cookie: elsewhere.cookie } })).status).toBe(401);
  await expect(api.signIn(person)).rejects.toThrow('401');
  expect((await api.signIn({ email: person.email, password: NEW })).user.id).toBe(person.id);
});

test.each([
  [{}, ['currentPassword', 'newPassword']],
  [{ currentPassword: 'wrong', newPassword: NEW }, ['currentPassword']],
  [{ currentPassword: 'wrong', newPassword: 'short' }, ['newPassword']],
  [{ currentPassword: 'wrong', newPassword: NEW, keep: true }, ['keep']],
])('a password is not changed by %j', async (body, fields) => {
  const person = await api.person('USER');
  const token = await api.token(person);
  const answer = await changePassword(token, body);
  expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(fieldsOf(answer)).toEqual(fields);
  expect((await api.signIn(person)).user.id).toBe(person.id);
  expect(api.facts).toEqual([]);
});

test('whoever found an open browser cannot guess the password for long', async () => {
  const person = await api.person('USER');
  const token = await api.token(person);
  const guess = (currentPassword: string) => changePassword(token, { currentPassword, newPassword: NEW });
  for (let attempt = 0; attempt < 10; attempt++) expect((await guess(`guess ${attempt}`)).status).toBe(400);
  const refused = await guess(person.password);
  expect(refused).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
  const login = await api.call('POST', '/auth/login', { body: { email: person.email, password: person.password } });
  expect(login.status).toBe(200);
});

test('a log-in with the old password while it is being changed leaves no sign-in behind', async () => {
  const person = await api.person('USER');
  const token = await api.token(person);
  const [changed, ...logins] = await Promise.all([
    changePassword(token, { currentPassword: person.password, newPassword: NEW }),
    ...Array.from({ length: 4 }, () =>
      api.call('POST', '/auth/login', { body: { email: person.email, password: person.password } }),
    ),
  ]);
  expect(changed.status).toBe(204);
  for (const login of logins) {
    if (login.status !== 200) continue;
    expect((await me((login.body as { accessToken: string }).accessToken)).status).toBe(401);
  }
});
