import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { ActivityPage } from '@koneksi/contracts/activity';
import type { LoginAnswer } from '@koneksi/contracts/auth';
import type { RecoveryCodes, SecondFactorSecret, SecondStep } from '@koneksi/contracts/second-factor';
import type { User } from '@koneksi/contracts/users';
import { Secret, TOTP, URI } from 'otpauth';
import { PASSWORD, TestApi, type Answer } from '../../test/support/test-api.js';
import { RecoveryCodeEntity, SecondFactorEntity } from './second-factor.entity.js';

const STEP_MS = 30_000;

let api: TestApi;
let networks = 0;

beforeAll(async () => {
  api = await TestApi.start({ env: { TRUST_PROXY: '1' } });
  api.app.set('trust proxy', 1);
});
afterAll(() => api.stop());
beforeEach(() => {
  api.facts.length = 0;
});

type Person = User & { password: string };

/** Somebody whose app knows the secret. */
interface Guarded {
  person: Person;
  token: string;
  app: TOTP;
  recoveryCodes: string[];
}

const from = (network = `10.1.${++networks}.1`) => ({ headers: { 'x-forwarded-for': network } });
const post = (path: string, body: unknown, token?: string, network?: string): Promise<Answer> =>
  api.call('POST', path, { body, token, ...from(network) });
const logIn = ({ email, password }: { email: string; password: string }): Promise<Answer> =>
  post('/auth/login', { email, password });
const second = (ticket: string, code: string, network?: string): Promise<Answer> =>
  post('/auth/login/second-factor', { ticket, code }, undefined, network);
const stateOf = async (token: string) => (await api.call('GET', '/auth/me/second-factor', { token })).body;

/** What the app shows; once shown it is not shown again before the next step of 30 s. */
function codeOf(app: TOTP): string {
  api.clock.skip(STEP_MS);
  return app.generate({ timestamp: api.clock.wall() });
}

async function ticketOf(person: { email: string; password: string }): Promise<string> {
  const answer = await logIn(person);
  expect(answer.status).toBe(202);
  return (answer.body as SecondStep).ticket;
}

async function guarded(role: 'USER' | 'ADMIN' | 'SUPERADMIN' = 'ADMIN'): Promise<Guarded> {
  const person = { ...(await api.person(role)), password: PASSWORD };
  const token = await api.token(person);
  const started = await post('/auth/me/second-factor', { currentPassword: PASSWORD }, token);
  expect(started.status).toBe(201);
  const { secret, uri } = started.body as SecondFactorSecret;
  const app = URI.parse(uri) as TOTP;
  expect(app.secret.base32).toBe(secret);
  expect([app.issuer, app.label]).toEqual(['Koneksi', person.email]);
  const confirmed = await post('/auth/me/second-factor/confirm', { code: codeOf(app) }, token);
  expect(confirmed.status).toBe(200);
  const { recoveryCodes } = confirmed.body as RecoveryCodes;
  return { person, token, app, recoveryCodes };
}

test('the password alone is not enough, and the code of the app lets in', async () => {
  const { person, app } = await guarded();
  const first = await logIn(person);
  expect(first).toMatchObject({ status: 202, body: { secondFactor: 'totp', expiresIn: 300 } });
  expect(Object.keys(first.body as object).sort()).toEqual(['expiresIn', 'secondFactor', 'ticket']);
  // Nothing that signs anybody in comes before the code.
  expect(first.headers.getSetCookie()).toEqual([]);
  const { ticket } = first.body as SecondStep;
  expect((await api.call('GET', '/auth/me', { token: ticket })).code).toBe('UNAUTHENTICATED');
  const let_in = await second(ticket, codeOf(app));
  expect(let_in.status).toBe(200);
  const { accessToken, user } = let_in.body as LoginAnswer;
  expect(user).toMatchObject({ id: person.id, hasSecondFactor: true });
  expect((await api.call('GET', '/auth/me', { token: accessToken })).status).toBe(200);
  expect(let_in.headers.getSetCookie().some((cookie) => cookie.startsWith('koneksi_refresh='))).toBe(true);
});

test('a wrong password answers as ever, whether or not there is a second factor', async () => {
  const { person } = await guarded();
  const plain = await api.person('USER');
  for (const { email } of [person, plain])
    expect(await logIn({ email, password: 'salah salah salah' })).toMatchObject({
      status: 401,
      code: 'INVALID_CREDENTIALS',
    });
});

test('what is kept shows neither the secret nor a recovery code', async () => {
  const { app, recoveryCodes } = await guarded();
  const { manager } = api.database.dataSource;
  const rows = await Promise.all([manager.find(SecondFactorEntity), manager.find(RecoveryCodeEntity)]);
  const kept = JSON.stringify(rows, (_, value: unknown) =>
    value && (value as { type?: string }).type === 'Buffer'
      ? Buffer.from((value as unknown as { data: number[] }).data).toString('latin1')
      : value,
  );
  for (const secret of [
    app.secret.base32,
    app.secret.latin1,
    ...recoveryCodes,
    ...recoveryCodes.map((code) => code.replaceAll('-', '')),
  ])
    expect(kept.includes(secret)).toBe(false);
});

test('a code is taken once, and none that is older afterwards', async () => {
  const { person, app } = await guarded();
  const ticket = await ticketOf(person);
  api.clock.skip(3 * STEP_MS);
  const now = api.clock.wall();
  const [before, present] = [-1, 0].map((off) => app.generate({ timestamp: now + off * STEP_MS })) as [string, string];
  const both = await Promise.all([second(ticket, present), second(ticket, present)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
  expect(await second(ticket, before)).toMatchObject({ status: 401, code: 'SECOND_FACTOR_WRONG' });
  expect(await second(ticket, codeOf(app))).toMatchObject({ status: 200 });
});

test('a clock may be half a minute off either way, not more', async () => {
  const { person, app } = await guarded();
  const codeAt = (steps: number): string => app.generate({ timestamp: api.clock.wall() + steps * STEP_MS });
  api.clock.skip(10 * STEP_MS);
  const ticket = await ticketOf(person);
  for (const off of [-3, -2, 2, 3]) expect((await second(ticket, codeAt(off))).code).toBe('SECOND_FACTOR_WRONG');
  expect((await second(ticket, codeAt(-1))).status).toBe(200);
  expect((await second(ticket, codeAt(1))).status).toBe(200);
});

test('people type blanks and dashes, and recovery codes in lower case, each good once', async () => {
  const { person, app, recoveryCodes } = await guarded();
  expect(new Set(recoveryCodes).size).toBe(10);
  for (const code of recoveryCodes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
  const code = codeOf(app);
  expect((await second(await ticketOf(person), ` ${code.slice(0, 3)} ${code.slice(3)} `)).status).toBe(200);
  const [first, other] = recoveryCodes as [string, string];
  const typed = first.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
  const entered = await second(await ticketOf(person), typed);
  expect(entered.status).toBe(200);
  const { accessToken } = entered.body as LoginAnswer;
  expect(await stateOf(accessToken)).toMatchObject({ recoveryCodesLeft: 9 });
  expect((await second(await ticketOf(person), first)).code).toBe('SECOND_FACTOR_WRONG');
  const raced = await ticketOf(person);
  const both = await Promise.all([second(raced, other), second(raced, other)]);
  expect(both.map(({ status }) => status).sort()).toEqual([200, 401]);
});

test("somebody else's code and recovery code let nobody in", async () => {
  const [one, other] = [await guarded(), await guarded()];
  const ticket = await ticketOf(one.person);
  expect((await second(ticket, codeOf(other.app))).code).toBe('SECOND_FACTOR_WRONG');
  expect((await second(ticket, other.recoveryCodes[0]!)).code).toBe('SECOND_FACTOR_WRONG');
});

test.each([
  ['five minutes', async () => api.clock.skip(5 * 60_000)],
  [
    'a new password',
    async ({ person }: Guarded) => {
      const body = { password: 'sepeda merah di garasi' };
      expect((await api.call('PATCH', `/users/${person.id}`, { token: await api.token(), body })).status).toBe(200);
    },
  ],
  [
    'being disabled',
    async ({ person }: Guarded) => {
      const body = { isDisabled: true };
      expect((await api.call('PATCH', `/users/${person.id}`, { token: await api.token(), body })).status).toBe(200);
    },
  ],
  [
    'the second factor that was switched off',
    async ({ token, recoveryCodes }: Guarded) => {
      expect((await post('/auth/me/second-factor/disable', { code: recoveryCodes[9] }, token)).status).toBe(204);
    },
  ],
])('a first step is over after %s', async (_, happens) => {
  const someone = await guarded();
  const ticket = await ticketOf(someone.person);
  await happens(someone);
  expect(await second(ticket, codeOf(someone.app))).toMatchObject({ status: 401, code: 'SIGN_IN_EXPIRED' });
});

test('a ticket that was tampered with, or made up, is none', async () => {
  const [one, other] = [await guarded(), await guarded()];
  const [mine, theirs] = [(await ticketOf(one.person)).split('.'), (await ticketOf(other.person)).split('.')];
  const forged = [
    [theirs[0], ...mine.slice(1)],
    [mine[0], String(Number(mine[1]) + 1), mine[2], mine[3]],
    [...mine.slice(0, 3), theirs[3]],
    ['', '', '', ''],
    ['x'],
    one.token.split('.'),
  ];
  for (const parts of forged)
    expect((await second(parts.join('.').slice(0, 300), codeOf(one.app))).code).toBe('SIGN_IN_EXPIRED');
});

test('ten guesses from one place, twenty an hour from everywhere, and a browser that is known has its own', async () => {
  const { person, app } = await guarded();
  const entered = await second(await ticketOf(person), codeOf(app));
  const browser = entered.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('koneksi_browser='))!
    .split(';')[0]!;
  const ticket = await ticketOf(person);
  const guess = async (network: string) => (await second(ticket, '000000', network)).status;
  const first = [];
  for (let tries = 0; tries < 12; tries++) first.push(await guess('198.51.100.1'));
  expect(first).toEqual([...Array<number>(10).fill(401), 429, 429]);
  const others = [];
  for (let tries = 0; tries < 12; tries++) others.push(await guess(`203.0.113.${tries}`));
  expect(others).toEqual([...Array<number>(10).fill(401), 429, 429]);
  const right = codeOf(app);
  expect((await second(ticket, right, '203.0.113.99')).status).toBe(429);
  const known = await api.call('POST', '/auth/login/second-factor', {
    body: { ticket, code: right },
    headers: { ...from().headers, cookie: browser },
  });
  expect(known.status).toBe(200);
});

test('browsers that were known by the password alone are strangers once codes are asked for', async () => {
  const person = { ...(await api.person('ADMIN')), password: PASSWORD };
  const cookies = [];
  for (let nth = 0; nth < 4; nth++)
    cookies.push((await logIn(person)).headers.getSetCookie().find((cookie) => cookie.startsWith('koneksi_browser='))!);
  const token = await api.token(person);
  const started = await post('/auth/me/second-factor', { currentPassword: PASSWORD }, token);
  const app = URI.parse((started.body as SecondFactorSecret).uri) as TOTP;
  expect((await post('/auth/me/second-factor/confirm', { code: codeOf(app) }, token)).status).toBe(200);
  const ticket = await ticketOf(person);
  const guess = (cookie: string, code: string) =>
    api.call('POST', '/auth/login/second-factor', {
      body: { ticket, code },
      headers: { ...from().headers, cookie: cookie.split(';')[0]! },
    });
  const statuses = [];
  for (let nth = 0; nth < 24; nth++) statuses.push((await guess(cookies[nth % 4]!, '000000')).status);
  expect(statuses).toEqual([...Array<number>(20).fill(401), ...Array<number>(4).fill(429)]);
});

test('recovery codes let in when strangers have used up all guesses, and the owner those of their own place', async () => {
  const { person, token, app, recoveryCodes } = await guarded();
  const ticket = await ticketOf(person);
  const home = '198.51.100.77';
  const lost = recoveryCodes[0]!;
  for (let tries = 0; tries < 10; tries++) await second(ticket, '000000', home);
  // Whether wrong ones have their shape or not.
  for (let tries = 0; tries < 12; tries++) await second(ticket, '000000', `203.0.113.${tries}`);
  for (let tries = 0; tries < 40; tries++) await second(ticket, `${'Z'.repeat(14)}${10 + tries}`, `203.0.113.${tries}`);
  expect((await second(ticket, codeOf(app))).status).toBe(429);
  expect((await second(ticket, lost.toLowerCase().replaceAll('-', ' '), home)).status).toBe(200);
  const guesses = [];
  for (let tries = 0; tries < 11; tries++) guesses.push((await second(ticket, lost, home)).status);
  expect(guesses).toEqual([...Array<number>(10).fill(401), 429]);
  for (let tries = 0; tries < 10; tries++) await post('/auth/me/second-factor/disable', { code: '000000' }, token);
  expect((await post('/auth/me/second-factor/disable', { code: recoveryCodes[1] }, token)).status).toBe(204);
});

test.each([
  ['one place', () => '198.51.100.5'],
  ['many places, with right ones between', (nth: number) => `198.51.100.${nth + 10}`],
])('ten wrong codes behind the right password from %s leave one line, which their owner reads', async (_, network) => {
  const { person, token, app } = await guarded();
  const lines = async () => {
    const { body } = await api.call('GET', '/activity?action=sign-in.codes-guessed', { token });
    return (body as ActivityPage).items.filter(({ subject }) => subject.id === person.id);
  };
  const ticket = await ticketOf(person);
  const wrong = (nth: number) =>
    api.call('POST', '/auth/login/second-factor', {
      body: { ticket, code: nth % 2 ? '000000' : 'ZZZZ-ZZZZ-ZZZZ-ZZZZ' },
      headers: { 'x-forwarded-for': network(nth), 'user-agent': 'Mozilla/5.0 (X11; Linux) Firefox/120.0' },
    });
  for (let nth = 0; nth < 9; nth++) await wrong(nth);
  expect((await second(ticket, codeOf(app))).status).toBe(200);
  expect(await lines()).toEqual([]);
  for (let nth = 9; nth < 25; nth++) await wrong(nth);
  expect(await lines()).toMatchObject([
    {
      outcome: 'done',
      actor: { id: person.id, name: person.name },
      address: network(9),
      agent: 'Firefox 120, Linux',
      subject: { kind: 'sign-in', id: person.id, name: person.name },
      changes: [],
    },
  ]);
});

test('switching it on needs the password, then a code; until then nothing is asked for', async () => {
  const person = { ...(await api.person('USER')), password: PASSWORD };
  const token = await api.token(person);
  const refused = await post('/auth/me/second-factor', { currentPassword: 'salah salah salah' }, token);
  expect(refused).toMatchObject({ status: 400, body: { error: { fields: [{ field: 'currentPassword' }] } } });
  expect((await post('/auth/me/second-factor/confirm', { code: '123456' }, token)).code).toBe(
    'SECOND_FACTOR_NOT_STARTED',
  );
  const begun = await post('/auth/me/second-factor', { currentPassword: PASSWORD }, token);
  const first = URI.parse((begun.body as SecondFactorSecret).uri) as TOTP;
  const again = await post('/auth/me/second-factor', { currentPassword: PASSWORD }, token);
  const app = URI.parse((again.body as SecondFactorSecret).uri) as TOTP;
  expect((await logIn(person)).status).toBe(200);
  expect(await stateOf(token)).toEqual({ enabledAt: null, recoveryCodesLeft: 0 });
  const wrong = await post('/auth/me/second-factor/confirm', { code: codeOf(first) }, token);
  expect(wrong).toMatchObject({ status: 400, body: { error: { fields: [{ field: 'code' }] } } });
  const elsewhere = await api.token(person);
  expect((await post('/auth/me/second-factor/confirm', { code: codeOf(app) }, token)).status).toBe(200);
  expect(await stateOf(token)).toEqual({ enabledAt: expect.stringMatching(/Z$/), recoveryCodesLeft: 10 });
  // Whoever was signed in by the password alone is so no more.
  expect((await api.call('GET', '/auth/me', { token: elsewhere })).code).toBe('UNAUTHENTICATED');
  expect(api.facts).toContainEqual({ name: 'access.changed', fact: { callerId: person.id } });
  expect((await post('/auth/me/second-factor', { currentPassword: PASSWORD }, token)).code).toBe('SECOND_FACTOR_ON');
});

test('ten wrong codes at one sign-in, then none', async () => {
  const { token, app } = await guarded();
  const statuses = [];
  for (let tries = 0; tries < 11; tries++)
    statuses.push((await post('/auth/me/second-factor/disable', { code: '000000' }, token)).status);
  expect(statuses).toEqual([...Array<number>(10).fill(400), 429]);
  expect((await post('/auth/me/second-factor/recovery-codes', { code: codeOf(app) }, token)).status).toBe(429);
});

test('new recovery codes make the old ones useless, and it is switched off by a code', async () => {
  const { person, token, app, recoveryCodes } = await guarded();
  const renewed = await post('/auth/me/second-factor/recovery-codes', { code: codeOf(app) }, token);
  const { recoveryCodes: fresh } = renewed.body as RecoveryCodes;
  expect(fresh).toHaveLength(10);
  expect((await second(await ticketOf(person), recoveryCodes[0]!)).code).toBe('SECOND_FACTOR_WRONG');
  expect((await post('/auth/me/second-factor/disable', { code: fresh[0] }, token)).status).toBe(204);
  expect((await logIn(person)).status).toBe(200);
  expect(await api.database.dataSource.manager.countBy(RecoveryCodeEntity, { userId: person.id })).toBe(0);
});

test('a superadmin switches it off for somebody who lost everything, not for themselves', async () => {
  const { person, token } = await guarded();
  const boss = await guarded('SUPERADMIN');
  const off = (id: string, by: string) => api.call('DELETE', `/users/${id}/second-factor`, { token: by });
  expect((await off(boss.person.id, token)).code).toBe('FORBIDDEN');
  expect((await off(boss.person.id, boss.token)).code).toBe('OWN_SECOND_FACTOR');
  expect((await off('00000000-0000-4000-8000-000000000000', boss.token)).code).toBe('USER_NOT_FOUND');
  expect((await off('nonsense', boss.token)).code).toBe('USER_NOT_FOUND');
  const users = (await api.call('GET', '/users', { token: boss.token })).body as User[];
  expect(users.find(({ id }) => id === person.id)).toMatchObject({ hasSecondFactor: true });
  expect((await off(person.id, boss.token)).status).toBe(204);
  expect((await off(person.id, boss.token)).status).toBe(204);
  expect((await logIn(person)).status).toBe(200);
});

test('each act leaves its line in the log of activity, and half a log-in none', async () => {
  const boss = await api.token();
  const { person, token, app } = await guarded();
  const lines = async (): Promise<string[]> => {
    const rows = await api.database.dataSource.query<{ action: string; subject_id: string; ended_at: Date | null }[]>(
      `SELECT action, ended_at FROM activity WHERE actor_id = $1::uuid OR subject_id = $2 OR actor_id IS NULL ORDER BY id`,
      [person.id, person.id],
    );
    expect(rows.filter(({ ended_at }) => ended_at === null)).toEqual([]);
    return rows.map(({ action }) => action);
  };
  const before = await lines();
  expect(before.at(-1)).toBe('profile.second-factor-on');
  const ticket = await ticketOf(person);
  await second(ticket, '000000');
  expect((await lines()).slice(before.length)).toEqual([]);
  expect((await second(ticket, codeOf(app))).status).toBe(200);
  await post('/auth/me/second-factor/recovery-codes', { code: codeOf(app) }, token);
  await post('/auth/me/second-factor/disable', { code: '000000' }, token);
  await post('/auth/me/second-factor/disable', { code: codeOf(app) }, token);
  await api.call('DELETE', `/users/${person.id}/second-factor`, { token: boss });
  expect((await lines()).slice(before.length)).toEqual([
    'sign-in.started',
    'profile.recovery-codes-renewed',
    'profile.second-factor-off',
    'user.second-factor-off',
  ]);
});

test('API keys have none, and go on working beside it', async () => {
  const { token } = await guarded();
  const made = await post('/api-keys', { name: 'Kasir', role: 'ADMIN' }, token);
  const { key } = made.body as { key: string };
  expect((await api.call('GET', '/outlets', { token: key })).status).toBe(200);
  expect((await api.call('GET', '/auth/me/second-factor', { token: key })).code).toBe('FORBIDDEN');
  expect((await post('/auth/me/second-factor', { currentPassword: 'x' }, key)).code).toBe('FORBIDDEN');
});

test('a secret of another row opens nothing, and recovery codes go on working', async () => {
  const [one, other] = [await guarded(), await guarded()];
  const { manager } = api.database.dataSource;
  const { sealed, wrappedKey } = await manager.findOneByOrFail(SecondFactorEntity, { id: other.person.id });
  await manager.update(SecondFactorEntity, { id: one.person.id }, { sealed, wrappedKey });
  const ticket = await ticketOf(one.person);
  expect((await second(ticket, codeOf(other.app))).code).toBe('SECOND_FACTOR_WRONG');
  expect((await second(ticket, one.recoveryCodes[0]!)).status).toBe(200);
});

test('the test reads secrets as apps do', () => {
  expect(
    new TOTP({ secret: Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'), digits: 8 }).generate({
      timestamp: 59_000,
    }),
  ).toBe('94287082');
});
