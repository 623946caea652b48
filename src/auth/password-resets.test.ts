import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { eventually } from '../../test/support/eventually.js';
import { MailServer } from '../../test/support/mail-server.js';
import { PASSWORD, SUPERADMIN, TestApi, type Answer } from '../../test/support/test-api.js';
import { PasswordResetEntity } from './password-reset.entity.js';
import { ResetMail } from './reset-mail.js';
import { hashToken } from './secret-tokens.js';

const NEW = 'sepeda merah di garasi';
/** How often a mail is tried. */
const TRIES = 4;

let mail: MailServer;
let api: TestApi;
let networks = 0;

beforeAll(async () => {
  mail = await MailServer.start();
  api = await TestApi.start({
    env: {
      SMTP_URL: mail.url,
      SMTP_FROM: 'Koneksi <koneksi@example.com>',
      PUBLIC_ORIGIN: 'https://koneksi.example.com',
      ALERT_RETRY_MS: '50',
      TRUST_PROXY: '1',
    },
  });
  api.app.set('trust proxy', 1);
});
afterAll(async () => {
  await api.stop();
  await mail.die();
});
beforeEach(() => {
  api.facts.length = 0;
  mail.refuse(null);
});

/** From a network that nobody asked from yet, unless one is given. */
const from = (network = `10.0.${++networks}.1`) => ({ headers: { 'x-forwarded-for': network } });
const ask = (email: string, network?: string): Promise<Answer> =>
  api.call('POST', '/auth/password-resets', { body: { email }, ...from(network) });
const complete = (token: string, newPassword = NEW, network?: string): Promise<Answer> =>
  api.call('POST', '/auth/password-resets/complete', { body: { token, newPassword }, ...from(network) });
const logIn = (email: string, password: string): Promise<Answer> =>
  api.call('POST', '/auth/login', { body: { email, password }, ...from() });
const mailsTo = (email: string) => mail.taken.filter(({ to }) => to === email);
const rows = () => api.database.dataSource.manager.find(PasswordResetEntity);

/** What the newest mail to them opens with. */
async function tokenFor(email: string, after = mailsTo(email).length): Promise<string> {
  expect((await ask(email)).status).toBe(202);
  const letter = await eventually('a mail with a link', () => mailsTo(email)[after]);
  const [, token] = /https:\/\/koneksi\.example\.com\/reset-password#(\S+)/.exec(letter.body) ?? [];
  await eventually('it is known that it left', async () => {
    const row = (await rows()).find(({ hash }) => hash === hashToken(token!));
    return row && row.expiresAt.getTime() - api.clock.wall() > 25 * 60_000;
  });
  return token!;
}

test('whoever reads the mail sets a new password, once, and everybody else is signed out', async () => {
  const person = await api.person('USER');
  const { accessToken } = await api.signIn(person);
  const token = await tokenFor(person.email);
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(mailsTo(person.email)[0]).toMatchObject({ subject: expect.stringContaining('kata sandi baru') });
  // At rest there is a hash alone.
  const [row] = await rows();
  expect(JSON.stringify(row)).not.toContain(token);

  expect(await complete(token)).toMatchObject({ status: 204, body: '' });
  expect((await api.call('GET', '/auth/me', { token: accessToken })).code).toBe('UNAUTHENTICATED');
  expect(api.facts).toEqual([{ name: 'access.changed', fact: { callerId: person.id } }]);
  expect((await logIn(person.email, PASSWORD)).code).toBe('INVALID_CREDENTIALS');
  expect((await logIn(person.email, NEW)).status).toBe(200);
  expect(await complete(token, 'lain lagi kali ini')).toMatchObject({ status: 404, code: 'RESET_LINK_GONE' });
  expect((await logIn(person.email, NEW)).status).toBe(200);
});

test('that it was done is in the log of activity, and no guess or wish of strangers is', async () => {
  const person = await api.person('USER');
  const lines = (): Promise<{ action: string; actor_id: string; changes: unknown }[]> =>
    api.database.dataSource.query('SELECT action, actor_id, changes FROM activity ORDER BY id');
  const token = await tokenFor(person.email);
  const before = (await lines()).length;
  await ask('siapa@example.com');
  await complete('x'.repeat(43));
  expect((await api.call('POST', '/auth/logout')).status).toBe(204);
  expect((await lines()).slice(before)).toEqual([]);
  expect((await complete(token)).status).toBe(204);
  expect((await lines()).slice(before)).toEqual([
    {
      action: 'profile.password-reset',
      actor_id: person.id,
      changes: [{ field: 'newPassword', before: null, after: null, hidden: true }],
    },
  ]);
});

test('in the language of whoever forgot it, in whatever case they write their address', async () => {
  const person = await api.person('ADMIN');
  await api.call('PATCH', '/auth/me', { token: await api.token(person), body: { language: 'en' } });
  expect((await ask(person.email.toUpperCase())).status).toBe(202);
  const letter = await eventually('a mail', () => mailsTo(person.email)[0]);
  expect(letter.subject).toBe('Set a new password for Koneksi');
});

test('an address that nobody has gets the same answer and no mail', async () => {
  const person = await api.person('USER');
  const gone = await api.person('USER');
  await api.call('PATCH', `/users/${gone.id}`, { token: await api.token(), body: { isDisabled: true } });
  const answers = [];
  for (const email of [person.email, 'nobody@example.com', gone.email, 'no address at all'])
    answers.push(await ask(email));
  const told = answers.map(({ status, body, headers }) => [status, body, [...headers.keys()].sort()]);
  expect(new Set(told.map((each) => JSON.stringify(each))).size).toBe(1);
  await eventually('the one mail', () => mailsTo(person.email)[0]);
  expect(mail.taken.filter(({ to }) => to !== person.email && to.startsWith('no'))).toEqual([]);
  expect(mailsTo(gone.email)).toEqual([]);
});

test('a link is over after 30 minutes, and the next asking forgets it', async () => {
  const person = await api.person('USER');
  const old = await tokenFor(person.email);
  api.clock.skip(30 * 60_000);
  expect((await complete(old)).code).toBe('RESET_LINK_GONE');
  const token = await tokenFor(person.email);
  expect((await rows()).filter(({ userId }) => userId === person.id)).toHaveLength(1);
  expect((await complete(token)).status).toBe(204);
});

test.each([
  [
    'changed by its owner',
    async (id: string, email: string) => {
      const token = await api.token({ email, password: PASSWORD });
      const body = { currentPassword: PASSWORD, newPassword: 'jalan kaki ke pasar' };
      expect((await api.call('POST', '/auth/me/password', { token, body })).status).toBe(204);
      return id;
    },
  ],
  [
    'set by a superadmin',
    async (id: string) => {
      const body = { password: 'jalan kaki ke pasar' };
      expect((await api.call('PATCH', `/users/${id}`, { token: await api.token(), body })).status).toBe(200);
      return id;
    },
  ],
  [
    'of somebody who was disabled',
    async (id: string) => {
      const body = { isDisabled: true };
      expect((await api.call('PATCH', `/users/${id}`, { token: await api.token(), body })).status).toBe(200);
      return id;
    },
  ],
  [
    'of somebody who was removed',
    async (id: string) => {
      expect((await api.call('DELETE', `/users/${id}`, { token: await api.token() })).status).toBe(204);
      return id;
    },
  ],
])('a link does nothing to a password %s', async (_, change) => {
  const person = await api.person('ADMIN');
  const token = await tokenFor(person.email);
  await change(person.id, person.email);
  expect(await complete(token)).toMatchObject({ status: 404, code: 'RESET_LINK_GONE' });
});

test('a guessable password is refused beside its field, and costs no link', async () => {
  const person = await api.person('USER');
  const token = await tokenFor(person.email);
  for (const [password, at] of [
    ['kata', 'newPassword'],
    ['password1234', 'newPassword'],
    [person.email, 'newPassword'],
  ]) {
    const answer = await complete(token, password);
    expect(answer).toMatchObject({
      status: 400,
      code: 'VALIDATION_FAILED',
      body: { error: { fields: [{ field: at }] } },
    });
  }
  expect((await complete(token)).status).toBe(204);
});

test('of two who use a link at the same moment one does', async () => {
  const person = await api.person('USER');
  const token = await tokenFor(person.email);
  const answers = await Promise.all([complete(token, 'yang pertama datang'), complete(token, 'yang kedua datang')]);
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 404]);
});

test('three links at most open for one person, the first of them still', async () => {
  const person = await api.person('USER');
  const first = await tokenFor(person.email);
  await tokenFor(person.email);
  await tokenFor(person.email);
  for (let asked = 0; asked < 5; asked++) expect((await ask(person.email)).status).toBe(202);
  // What is asked for later is done later.
  const other = await api.person('USER');
  await tokenFor(other.email);
  expect(mailsTo(person.email)).toHaveLength(3);
  expect((await complete(first)).status).toBe(204);
  expect((await rows()).filter(({ userId }) => userId === person.id)).toEqual([]);
});

test('three whose mail never left keep nobody from a fourth', async () => {
  const person = await api.person('USER');
  mail.refuse({ code: 550, text: 'not here' });
  const before = mail.asked;
  for (let asked = 0; asked < 3; asked++) expect((await ask(person.email)).status).toBe(202);
  await eventually('each was tried for the last time', () => mail.asked === before + 3 * TRIES);
  await eventually('none is open', async () => !(await rows()).some(({ userId }) => userId === person.id));
  mail.refuse(null);
  expect((await complete(await tokenFor(person.email))).status).toBe(204);
});

test('those a killed process was about to send hold nobody up for longer than a mail takes', async () => {
  const person = await api.person('USER');
  const mails = api.app.get(ResetMail);
  const send = jest.spyOn(mails, 'send').mockReturnValue(new Promise(() => undefined));
  try {
    for (let asked = 0; asked < 3; asked++) {
      expect((await ask(person.email)).status).toBe(202);
      await eventually('it is about to be sent', () => send.mock.calls.length === asked + 1);
    }
  } finally {
    send.mockRestore();
  }
  expect((await rows()).filter(({ userId }) => userId === person.id)).toHaveLength(3);
  // With what is set here no mail takes longer; by default it is some minutes.
  expect(mails.longestMs).toBeLessThan(10 * 60_000);
  api.clock.skip(mails.longestMs + 60_000);
  expect((await complete(await tokenFor(person.email))).status).toBe(204);
});

test('one network asks ten times a quarter of an hour, whomever it asks for, and guesses sixty', async () => {
  const answers = [];
  for (let asked = 0; asked < 12; asked++) answers.push(await ask(`orang${asked}@example.com`, '192.0.2.1'));
  expect(answers.map(({ status }) => status)).toEqual([...Array<number>(10).fill(202), 429, 429]);
  expect(Number(answers.at(-1)!.headers.get('retry-after'))).toBeGreaterThan(800);
  expect((await ask('orang@example.com', '192.0.2.2')).status).toBe(202);

  const guesses = [];
  for (let guessed = 0; guessed < 62; guessed++)
    guesses.push((await complete(`tebakan${guessed}`, NEW, '192.0.2.1')).status);
  expect(guesses).toEqual([...Array<number>(60).fill(404), 429, 429]);
});

test('whoever was refused after ten wrong passwords is let in with the new one', async () => {
  const person = await api.person('USER');
  const network = '192.0.2.9';
  const tryIn = (password: string) =>
    api.call('POST', '/auth/login', { body: { email: person.email, password }, ...from(network) });
  for (let tries = 0; tries < 10; tries++) await tryIn('salah salah salah');
  expect((await tryIn(PASSWORD)).status).toBe(429);
  const token = await tokenFor(person.email);
  expect((await complete(token, NEW, network)).status).toBe(204);
  expect((await tryIn(NEW)).status).toBe(200);
});

test('a mail server that refuses is asked again', async () => {
  const person = await api.person('USER');
  mail.refuse({ code: 451, text: 'come back later' });
  const before = mail.asked;
  expect((await ask(person.email)).status).toBe(202);
  await eventually('it was asked', () => mail.asked > before);
  mail.refuse(null);
  await eventually('it arrives', () => mailsTo(person.email)[0]);
});

test('where no mail is sent, that is said, for every address alike', async () => {
  const without = await TestApi.start();
  try {
    for (const email of [SUPERADMIN.email, 'nobody@example.com']) {
      const answer = await without.call('POST', '/auth/password-resets', { body: { email } });
      expect(answer).toMatchObject({ status: 409, code: 'MAIL_NOT_CONFIGURED' });
    }
  } finally {
    await without.stop();
  }
});
