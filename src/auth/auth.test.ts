import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { JwtService } from '@nestjs/jwt';
import type { User } from '@koneksi/contracts/users';
import { PASSWORD, SUPERADMIN, TestApi, cookieOf, type Answer } from '../../test/support/test-api.js';
import { AllowedOrigins } from '../config/allowed-origins.js';
import { UsersService } from '../users/users.service.js';
import { Authenticator } from './authenticator.js';
import { Passwords } from './passwords.js';
import { RefreshTokenEntity, SignInEntity } from './sign-in.entity.js';

const DAY = 24 * 3_600_000;

let api: TestApi;
beforeAll(async () => {
  api = await TestApi.start();
});
afterAll(() => api.stop());
beforeEach(() => {
  api.facts.length = 0;
});
afterEach(() => {
  jest.restoreAllMocks();
});

const refresh = (cookie: string, headers: Record<string, string> = {}): Promise<Answer> =>
  api.call('POST', '/auth/refresh', { headers: { cookie, ...headers } });
const me = (token: string): Promise<Answer> => api.call('GET', '/auth/me', { token });
const accessTokenOf = (answer: Answer): string => (answer.body as { accessToken: string }).accessToken;

test('log-in answers tokens and the user, and keeps the refresh token from scripts', async () => {
  const outlet = await api.outlet();
  const { password, ...user } = await api.person('USER', [outlet.id]);
  const answer = await api.call('POST', '/auth/login', { body: { email: user.email.toUpperCase(), password } });
  expect(answer.status).toBe(200);
  const signedIn = { ...user, lastLoginAt: expect.any(String) };
  expect(answer.body).toEqual({ accessToken: expect.any(String), expiresIn: 900, user: signedIn });
  expect(user.outletIds).toEqual([outlet.id]);
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const [cookie, marker] = answer.headers.getSetCookie();
  expect(cookie).toMatch(
    /^koneksi_refresh=[\w-]{43}; Max-Age=259\d{4}; Path=\/api\/auth; Expires=[^;]+; HttpOnly; SameSite=Strict$/,
  );
  expect(marker).toMatch(/^koneksi_session=1; Max-Age=259\d{4}; Path=\/; Expires=[^;]+; SameSite=Strict$/);
  expect((await me(accessTokenOf(answer))).body).toEqual({ kind: 'user', ...signedIn });
});

test('the cookie is for TLS alone where every page comes over it', async () => {
  const secure = await TestApi.start({ env: { PUBLIC_ORIGIN: 'https://status.example.com' } });
  try {
    const answer = await secure.call('POST', '/auth/login', { body: SUPERADMIN });
    for (const cookie of answer.headers.getSetCookie()) expect(cookie).toContain('; Secure');
  } finally {
    await secure.stop();
  }
});

test('nothing of an account is told apart by a refused log-in', async () => {
  const known = await api.person('USER');
  const attempts = [
    { email: known.email, password: 'not the password' },
    { email: 'nobody@example.com', password: 'not the password' },
    { email: 'no address at all', password: PASSWORD },
    { email: known.email, password: '' },
  ];
  const answers = await Promise.all(attempts.map((body) => api.call('POST', '/auth/login', { body })));
  for (const answer of answers) {
    expect(answer).toMatchObject({ status: 401, code: 'INVALID_CREDENTIALS' });
    expect(answer.headers.getSetCookie()).toEqual([]);
  }
});

test('a password is checked as long for an account that does not exist', async () => {
  const known = await api.person('USER');
  const matches = jest.spyOn(Passwords.prototype, 'matches');
  await api.call('POST', '/auth/login', { body: { email: known.email, password: 'not the password' } });
  await api.call('POST', '/auth/login', { body: { email: 'nobody@example.com', password: 'not the password' } });
  expect(matches.mock.calls).toEqual([
    ['not the password', expect.stringContaining('$argon2id$'), { stranger: '127.0.0.1' }],
    ['not the password', null, { stranger: '127.0.0.1' }],
  ]);
});

test.each([
  [{}, ['email', 'password']],
  [{ email: 'a@example.com', password: 7 }, ['password']],
  [{ email: { $ne: '' }, password: { $ne: '' } }, ['email', 'password']],
  [{ ...SUPERADMIN, role: 'SUPERADMIN' }, ['role']],
  [['a@example.com', 'x'], ['body']],
])('log-in refuses %j by field', async (body, fields) => {
  const answer = await api.call('POST', '/auth/login', { body });
  expect(answer).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  const { error } = answer.body as { error: { fields: { field: string }[] } };
  expect(error.fields.map(({ field }) => field)).toEqual(fields);
});

test('guessing ends with 429 and when to come back, even for the right password', async () => {
  const { email, password } = await api.person('USER');
  const guess = (attempt: string) => api.call('POST', '/auth/login', { body: { email, password: attempt } });
  for (let attempt = 0; attempt < 10; attempt++) expect((await guess(`guess ${attempt}`)).status).toBe(401);
  const refused = await guess(password);
  expect(refused).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS' });
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(800);
  expect((await api.signIn()).user.email).toBe(SUPERADMIN.email);
});

test('what no email can be is refused before the database sees it, and ends with 429 too', async () => {
  const junk = { email: 'nobody\0@example.com', password: 'whatever' };
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 12; attempt++) {
    statuses.push((await api.call('POST', '/auth/login', { body: junk })).status);
  }
  expect([...new Set(statuses)]).toEqual([400, 429]);
  // Whoever shares the address still signs in.
  expect(await api.token()).toEqual(expect.any(String));
});

test('a refresh token is good for one use', async () => {
  const { cookie, accessToken } = await api.signIn();
  const first = await refresh(cookie);
  expect(first).toMatchObject({ status: 200, body: { expiresIn: 900, user: { email: SUPERADMIN.email } } });
  expect(cookieOf(first)).not.toBe(cookie);
  const second = await refresh(cookieOf(first)!);
  expect(second.status).toBe(200);
  for (const token of [accessToken, accessTokenOf(first), accessTokenOf(second)])
    expect((await me(token)).status).toBe(200);
});

test('two tabs that refresh together both stay signed in', async () => {
  const { cookie } = await api.signIn();
  const answers = await Promise.all([refresh(cookie), refresh(cookie), refresh(cookie)]);
  api.clock.skip(9_000);
  answers.push(await refresh(cookie));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  api.clock.skip(60_000);
  for (const answer of answers) expect((await refresh(cookieOf(answer)!)).status).toBe(200);
});

test('a used refresh token that comes back later ends the whole sign-in, whoever holds it', async () => {
  const other = await api.signIn();
  const stolen = await api.signIn();
  const thief = await refresh(stolen.cookie);
  api.clock.skip(11_000);
  expect((await refresh(stolen.cookie)).status).toBe(401);
  expect(await refresh(cookieOf(thief)!)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  expect((await me(accessTokenOf(thief))).status).toBe(401);
  expect(api.facts).toEqual([{ name: 'access.changed', fact: { callerId: stolen.user.id } }]);
  expect((await refresh(other.cookie)).status).toBe(200);
});

test('a sign-in ends after thirty days, however often it is refreshed', async () => {
  let { cookie } = await api.signIn();
  for (let day = 0; day < 29; day++) {
    api.clock.skip(DAY);
    const answer = await refresh(cookie);
    expect(answer.status).toBe(200);
    cookie = cookieOf(answer)!;
  }
  api.clock.skip(DAY);
  expect((await refresh(cookie)).status).toBe(401);
  await api.signIn();
  expect(await api.database.dataSource.manager.count(SignInEntity)).toBe(1);
});

test.each(['', 'koneksi_refresh=', 'koneksi_refresh=nonsense', 'koneksi_refresh=j:{"a":1}'])(
  'no refresh with the cookie %j',
  async (cookie) => {
    expect(await refresh(cookie)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  },
);

test('only hashes of refresh tokens are kept', async () => {
  const { cookie } = await api.signIn();
  const kept = JSON.stringify(await api.database.dataSource.manager.find(RefreshTokenEntity));
  expect(kept).not.toContain(cookie.split('=')[1]);
});

test('log-out ends the sign-in at once: cookie, access tokens and sockets; other sign-ins stay', async () => {
  const here = await api.signIn();
  const elsewhere = await api.signIn();
  const answer = await api.call('POST', '/auth/logout', { headers: { cookie: here.cookie } });
  expect(answer.status).toBe(204);
  expect(answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0])).toEqual([
    'koneksi_refresh=',
    'koneksi_session=',
  ]);
  expect(api.facts).toEqual([{ name: 'access.changed', fact: { callerId: here.user.id } }]);
  expect((await me(here.accessToken)).status).toBe(401);
  expect((await refresh(here.cookie)).status).toBe(401);
  expect((await me(elsewhere.accessToken)).status).toBe(200);
  expect((await api.call('POST', '/auth/logout')).status).toBe(204);
});

test('refreshing while signing out ends in nothing but a sign-out', async () => {
  for (let round = 0; round < 10; round++) {
    const { cookie } = await api.signIn();
    const next = cookieOf(await refresh(cookie))!;
    const refreshes = Promise.all([cookie, next, next, cookie].map((held) => refresh(held)));
    const logout = api.call('POST', '/auth/logout', { headers: { cookie } });
    expect((await logout).status).toBe(204);
    for (const answer of await refreshes) {
      expect([200, 401]).toContain(answer.status);
      if (answer.status === 200) expect((await refresh(cookieOf(answer)!)).status).toBe(401);
    }
  }
});

test('a program without cookies logs out by its access token', async () => {
  const { accessToken, cookie } = await api.signIn();
  await api.call('POST', '/auth/logout', { token: accessToken });
  expect((await me(accessToken)).status).toBe(401);
  expect((await refresh(cookie)).status).toBe(401);
});

test('signing in again ends what the browser held before', async () => {
  const before = await api.signIn();
  const again = await api.call('POST', '/auth/login', { body: SUPERADMIN, headers: { cookie: before.cookie } });
  expect((await me(before.accessToken)).status).toBe(401);
  expect((await me(accessTokenOf(again))).status).toBe(200);
});

test.each([
  ['https://evil.example', 403],
  ['null', 403],
  ['http://localhost.evil.example:3000', 403],
  ['http://localhost:3001', 403],
  ['https://localhost:3000', 403],
  ['http://localhost:3000', 200],
  ['http://127.0.0.1:3000', 200],
])('a refresh from a page of %s answers %d', async (origin, status) => {
  api.app.get(AllowedOrigins).listensOn(3000);
  const { cookie } = await api.signIn();
  const answer = await refresh(cookie, { origin });
  expect(answer).toMatchObject({ status, code: status === 403 ? 'ORIGIN_REFUSED' : undefined });
});

test('a page of another site can neither log in nor out, even where the browser hides its origin', async () => {
  const { accessToken, cookie } = await api.signIn();
  const headers = { cookie, 'sec-fetch-site': 'cross-site' };
  expect((await api.call('POST', '/auth/logout', { headers })).code).toBe('ORIGIN_REFUSED');
  expect((await api.call('POST', '/auth/login', { headers, body: SUPERADMIN })).code).toBe('ORIGIN_REFUSED');
  expect((await me(accessToken)).status).toBe(200);
});

test('access tokens that were tampered with, forged, unsigned or outlived are none', async () => {
  const { accessToken, user } = await api.signIn();
  const jwt = api.app.get(JwtService, { strict: false });
  const [header, , signature] = accessToken.split('.');
  const claims = jwt.decode<{ sub: string; sid: string; ver: number }>(accessToken);
  const { sub, sid, ver } = claims;
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const other = await api.person('USER');
  const bad = {
    tampered: `${header}.${encoded({ ...claims, sub: other.id })}.${signature}`,
    unsigned: `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`,
    forged: jwt.sign({ sub, sid, ver }, { secret: 'another secret, just as long as ours', expiresIn: 60 }),
    'with another algorithm': jwt.sign({ sub, sid, ver }, { algorithm: 'HS512', expiresIn: 60 }),
    outlived: jwt.sign({ sub, sid, ver }, { expiresIn: -1 }),
    'without end': jwt.sign({ sub, sid, ver }),
    "of another's sign-in": jwt.sign({ sub: other.id, sid, ver }, { expiresIn: 60 }),
    'of an older version': jwt.sign({ sub, sid, ver: ver - 1 }, { expiresIn: 60 }),
    'for another purpose': jwt.sign({ outlet: 'x' }, { expiresIn: 60 }),
    nothing: '',
  };
  const control = jwt.sign({ sub, sid, ver }, { algorithm: 'HS256', expiresIn: 60 });
  expect((await me(control)).body).toMatchObject({ id: user.id });
  for (const [what, token] of Object.entries(bad)) {
    const answer = await me(token);
    expect({ what, status: answer.status, code: answer.code }).toEqual({ what, status: 401, code: 'UNAUTHENTICATED' });
    expect(await api.app.get(Authenticator).authenticate(token)).toBeNull();
  }
});

test('a refusal says which scheme is asked for, in the one error shape', async () => {
  const answer = await api.call('GET', '/auth/me', { headers: { authorization: 'Basic YTpi' } });
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  expect(answer.body).toEqual({
    success: false,
    error: { code: 'UNAUTHENTICATED', message: expect.any(String), requestId: expect.any(String) },
  });
});

test('sockets are authenticated by the same rules, and told when the token ends', async () => {
  const outlet = await api.outlet();
  const person = await api.person('USER', [outlet.id]);
  const known = await api.app.get(Authenticator).authenticate(await api.token(person));
  expect(known?.caller).toEqual({
    id: person.id,
    kind: 'user',
    name: person.name,
    role: 'USER',
    outletIds: [outlet.id],
  });
  const minutes = (known!.expiresAt!.getTime() - Date.now()) / 60_000;
  expect(minutes).toBeGreaterThan(14.9);
  expect(minutes).toBeLessThanOrEqual(15);
});

test('role, outlets, password and existence of a user take effect on the very next request', async () => {
  const users = api.app.get(UsersService);
  const outlet = await api.outlet();
  const person = await api.person('USER');
  const { accessToken, cookie } = await api.signIn(person);

  await users.update(person.id, { outletIds: [outlet.id] });
  expect((await me(accessToken)).body).toMatchObject({ outletIds: [outlet.id] });

  await users.update(person.id, { role: 'ADMIN' });
  expect((await me(accessToken)).status).toBe(401);
  const promoted = await refresh(cookie);
  expect(promoted).toMatchObject({ status: 200, body: { user: { role: 'ADMIN', outletIds: [] } } });

  await users.update(person.id, { password: 'another password' });
  expect((await me(accessTokenOf(promoted))).status).toBe(401);
  expect((await refresh(cookieOf(promoted)!)).status).toBe(401);

  const again = await api.signIn({ email: person.email, password: 'another password' });
  await users.remove(person.id);
  expect((await me(again.accessToken)).status).toBe(401);
  expect((await refresh(again.cookie)).status).toBe(401);
  expect(api.facts.filter(({ name }) => name === 'access.changed')).toEqual(
    Array.from({ length: 4 }, () => ({ name: 'access.changed', fact: { callerId: person.id } })),
  );
});

test('a log-in that was checked against a password changed meanwhile does not count', async () => {
  const person: User = await api.person('USER');
  const matches = jest.spyOn(Passwords.prototype, 'matches').mockImplementation(async () => {
    await api.app.get(UsersService).update(person.id, { password: 'another password' });
    return true;
  });
  const answer = await api.call('POST', '/auth/login', { body: { email: person.email, password: PASSWORD } });
  expect(matches).toHaveBeenCalledTimes(1);
  expect(answer).toMatchObject({ status: 401, code: 'INVALID_CREDENTIALS' });
  expect(await api.database.dataSource.manager.countBy(SignInEntity, { userId: person.id })).toBe(0);
});
