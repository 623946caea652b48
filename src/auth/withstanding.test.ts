import { scrypt, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CreatedApiKey, LoginAnswer } from '@koneksi/contracts/auth';
import { PASSWORD, SUPERADMIN, TestApi, cookieOf } from '../../test/support/test-api.js';

const hard = promisify<string, string, number, ScryptOptions, Buffer>(scrypt);

let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await TestApi.start();
  token = await api.token();
});
afterAll(() => api.stop());

const logIn = (email: string, password: string, cookie?: string) =>
  api.call('POST', '/auth/login', { body: { email, password }, headers: cookie ? { cookie } : {} });

test('passwords are hashed a few at a time; beyond a short line, right and wrong ones are told when to come back', async () => {
  const person = await api.person('USER');
  // On whatever machine they come faster than they are hashed: other work of that kind is there before them.
  const before = Array.from({ length: 8 }, () => hard('kata', 'garam', 64, { N: 2 ** 16, maxmem: 2 ** 27 }));
  const answers = await Promise.all(
    Array.from({ length: 80 }, (_, nth) =>
      logIn(nth % 2 ? person.email : SUPERADMIN.email, nth % 2 ? PASSWORD : SUPERADMIN.password),
    ),
  );
  const statuses = new Set(answers.map(({ status }) => status));
  expect(statuses).toEqual(new Set([200, 429]));
  for (const { headers } of answers.filter(({ status }) => status === 429))
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  await Promise.all(before);
});

test('what many people choose is refused by name, when made, set and changed', async () => {
  const body = { email: 'baru@example.com', name: 'Baru Sekali', password: 'password1234', role: 'USER' };
  const refused = { status: 400, code: 'VALIDATION_FAILED' };
  expect(await api.call('POST', '/users', { token, body })).toMatchObject(refused);
  expect(await api.call('POST', '/users', { token, body: { ...body, password: 'baru@example.com' } })).toMatchObject(
    refused,
  );
  const person = await api.person('ADMIN');
  const set = (password: string) => api.call('PATCH', `/users/${person.id}`, { token, body: { password } });
  expect(await set('aaaaaaaaaaaa')).toMatchObject(refused);
  const change = { currentPassword: PASSWORD, newPassword: 'koneksi12345' };
  const theirs = (await api.signInAs(person)).accessToken;
  expect(await api.call('POST', '/auth/me/password', { token: theirs, body: change })).toMatchObject(refused);
  expect((await set('hujan turun di Bogor')).status).toBe(200);
});

test('nobody sets their own password without the old one', async () => {
  const { id } = (await api.call('GET', '/auth/me', { token })).body as { id: string };
  const answer = await api.call('PATCH', `/users/${id}`, { token, body: { password: 'hujan turun di Bogor' } });
  expect(answer).toMatchObject({ status: 400, body: { error: { fields: [{ field: 'password' }] } } });
});

test('a password that somebody gave opens nothing but the change of it', async () => {
  const body = {
    email: 'pertama@example.com',
    name: 'Pertama',
    password: 'kata yang dititipkan',
    role: 'ADMIN',
    mustChangePassword: true,
  };
  expect((await api.call('POST', '/users', { token, body })).body).toMatchObject({ mustChangePassword: true });
  const answer = await logIn(body.email, body.password);
  const { accessToken } = answer.body as LoginAnswer;
  expect(answer.body).toMatchObject({ user: { mustChangePassword: true } });
  const refused = { status: 403, code: 'PASSWORD_CHANGE_REQUIRED' };
  expect(await api.call('GET', '/outlets', { token: accessToken })).toMatchObject(refused);
  expect(await api.call('PATCH', '/auth/me', { token: accessToken, body: { name: 'x' } })).toMatchObject(refused);
  expect((await api.call('GET', '/auth/me', { token: accessToken })).status).toBe(200);
  const change = (newPassword: string) =>
    api.call('POST', '/auth/me/password', {
      token: accessToken,
      body: { currentPassword: body.password, newPassword },
    });
  expect(await change(body.password)).toMatchObject({ status: 400 });
  expect((await change('hujan turun di Bogor')).status).toBe(204);
  expect((await api.call('GET', '/outlets', { token: accessToken })).status).toBe(200);
});

test('a key does what its scopes hold, and a new password of its maker does not cut it', async () => {
  const maker = await api.person('ADMIN');
  const { accessToken } = await api.signInAs(maker);
  const outlet = await api.outlet();
  const make = async (body: object) =>
    (await api.call('POST', '/api-keys', { token: accessToken, body: { name: 'Pantau', ...body } }))
      .body as CreatedApiKey;
  const reader = await make({ scopes: ['outlets:read'] });
  expect(reader).toMatchObject({ role: 'ADMIN', scopes: ['outlets:read'] });
  expect((await api.call('GET', `/outlets/${outlet.id}`, { token: reader.key })).status).toBe(200);
  for (const [method, path] of [
    ['GET', `/outlets/${outlet.id}/contacts`],
    ['DELETE', `/outlets/${outlet.id}`],
    ['POST', '/outlets'],
    ['GET', '/api-keys'],
  ] as const)
    expect(await api.call(method, path, { token: reader.key })).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
  expect((await api.call('GET', '/auth/me', { token: reader.key })).status).toBe(200);
  const narrow = await make({ scopes: ['contacts:read', 'contacts:write'], outletIds: [outlet.id] });
  expect(narrow.role).toBe('USER');
  expect((await api.call('GET', `/outlets/${outlet.id}/contacts`, { token: narrow.key })).status).toBe(200);
  expect(await make({ scopes: ['status:write'] })).toMatchObject({ success: false });
  api.facts.length = 0;
  await api.call('PATCH', `/users/${maker.id}`, { token, body: { password: 'hujan turun di Bogor' } });
  expect(api.facts).toEqual([{ name: 'access.changed', fact: { callerId: maker.id } }]);
  expect((await api.call('GET', '/outlets', { token: reader.key })).status).toBe(200);
});

test('one cookie is worth so many tokens and no more', async () => {
  const person = await api.person('USER');
  const { cookie } = await api.signInAs(person);
  const answers = [];
  for (let nth = 0; nth < 60; nth++)
    answers.push((await api.call('POST', '/auth/refresh', { headers: { cookie } })).status);
  expect(new Set(answers)).toEqual(new Set([200, 429]));
  const [{ count }] = await api.database.dataSource.query<[{ count: string }]>(
    'SELECT count(*) FROM refresh_tokens t JOIN sign_ins s ON s.id = t.sign_in_id WHERE s.user_id = $1',
    [person.id],
  );
  expect(Number(count)).toBeLessThanOrEqual(60);
  expect(cookieOf(await api.call('POST', '/auth/logout', { headers: { cookie } }))).toBe('koneksi_refresh=');
});

test('a browser that was known under another password is a stranger, until it signs in again', async () => {
  const person = await api.person('USER');
  const signedIn = await logIn(person.email, PASSWORD);
  const cookies = signedIn.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);
  const known = cookies.find((cookie) => cookie.startsWith('koneksi_browser='))!;
  const { accessToken } = signedIn.body as LoginAnswer;
  const change = { currentPassword: PASSWORD, newPassword: 'hujan turun di Bogor' };
  expect((await api.call('POST', '/auth/me/password', { token: accessToken, body: change })).status).toBe(204);
  // The sign-in that changed it goes on, and is known by what it gets.
  const refreshed = await api.call('POST', '/auth/refresh', { headers: { cookie: cookies.join('; ') } });
  const anew = refreshed.headers.getSetCookie().find((cookie) => cookie.startsWith('koneksi_browser='))!;
  for (let nth = 0; nth < 10; nth++) await logIn(person.email, `wrong ${nth}`);
  expect((await logIn(person.email, change.newPassword, known)).status).toBe(429);
  expect((await logIn(person.email, change.newPassword, anew.split(';')[0])).status).toBe(200);
});

test('a browser that is known counts apart from everybody else behind its address', async () => {
  const person = await api.person('USER');
  const signedIn = await logIn(person.email, PASSWORD);
  const browser = signedIn.headers.getSetCookie().find((cookie) => cookie.startsWith('koneksi_browser='))!;
  expect(browser).toMatch(/HttpOnly; SameSite=Strict/);
  for (let nth = 0; nth < 110; nth++) await logIn(`nobody${nth}@example.com`, 'wrong');
  expect(await logIn(person.email, PASSWORD)).toMatchObject({ status: 429 });
  const known = browser.split(';')[0]!;
  expect((await logIn(person.email, PASSWORD, known)).status).toBe(200);
  // For nobody else, and not without end.
  expect((await logIn(SUPERADMIN.email, SUPERADMIN.password, known)).status).toBe(429);
  expect(
    (
      await logIn(
        person.email,
        PASSWORD,
        known.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      )
    ).status,
  ).toBe(429);
  const guesses = [];
  for (let nth = 0; nth < 12; nth++) guesses.push((await logIn(person.email, `wrong ${nth}`, known)).status);
  expect(guesses).toEqual([...Array<number>(10).fill(401), 429, 429]);
});
