import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi, PASSWORD, type Person } from './support/koneksi.js';

const MB = 1024 * 1024;
const NOBODYS = '99999999-9999-4999-8999-999999999999';
/** What any of this may cost, whoever does it. */
const BEARABLE = 50 * MB;
/** Less than the ten seconds that bodies of which nothing comes may hold their places. */
const SOON_MS = 9_000;

let koneksi: Koneksi;
let own: string;
let user: Person;
beforeAll(async () => {
  koneksi = await Koneksi.start();
  own = (await koneksi.outlet()).id;
  user = await koneksi.person('USER', [own]);
});
afterAll(() => koneksi.stop());

const open: ClientRequest[] = [];
beforeEach(() => {
  for (const each of open.splice(0)) each.destroy();
});

interface Sending {
  request: ClientRequest;
  answer: Promise<{ status: number; code?: string }>;
}

function send(path: string, token: string, headers: Record<string, string | number>): Sending {
  const sending = request(`${koneksi.app.url}/api${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    agent: false,
  });
  open.push(sending);
  sending.on('error', () => undefined);
  const answer = once(sending, 'response').then(async ([first]) => {
    const response = first as IncomingMessage;
    let text = '';
    for await (const chunk of response) text += chunk;
    const { error } = (text === '' ? {} : JSON.parse(text)) as { error?: { code: string } };
    return { status: response.statusCode!, ...(error && { code: error.code }) };
  });
  answer.catch(() => undefined);
  return { request: sending, answer };
}

/** What bodies take: buffers, and texts made of them. */
function held(): number {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

async function mostHeldDuring(work: Promise<unknown>): Promise<number> {
  const before = held();
  let most = 0;
  const look = setInterval(() => (most = Math.max(most, held() - before)), 20);
  await work;
  clearInterval(look);
  return most;
}

const isServed = async (): Promise<number> => {
  const from = performance.now();
  expect((await koneksi.call('GET', '/outlets/status')).status).toBe(200);
  return performance.now() - from;
};

const IMPORTS = (outlet: string): string => `/outlets/${outlet}/contacts/import`;
const FORM = { 'content-type': 'multipart/form-data; boundary=x' };

/** A form of so many parts of a megabyte, none of which is a file; as much of it as is taken. */
async function sendParts({ request: sending, answer }: Sending, parts: number): Promise<void> {
  const part = Buffer.concat([
    Buffer.from('--x\r\ncontent-disposition: form-data; name="a"\r\n\r\n'),
    Buffer.alloc(MB, 'a'),
    Buffer.from('\r\n'),
  ]);
  let isAnswered = false;
  void answer.catch(() => undefined).finally(() => (isAnswered = true));
  for (let nth = 0; nth < parts && !isAnswered && !sending.destroyed; nth++) {
    if (!sending.write(part)) await Promise.race([once(sending, 'drain'), once(sending, 'close'), answer]);
  }
}

test.each([
  ['an outlet nobody has', () => NOBODYS, 404],
  ['their own outlet', () => own, 413],
])('a thousand parts of a megabyte, six times at once, into %s', async (_, outlet, status) => {
  const sendings = Array.from({ length: 6 }, () => send(IMPORTS(outlet()), user.token, FORM));
  const most = await mostHeldDuring(
    (async () => {
      for (const each of sendings) void sendParts(each, 990);
      for (const each of sendings)
        expect([status, 400, 429]).toContain((await each.answer.catch(() => ({ status }))).status);
    })(),
  );
  expect(most).toBeLessThan(BEARABLE);
  await isServed();
});

test('a hundred and twenty uploads that stop before they are whole', async () => {
  const file = Buffer.alloc(9_900_000, 'x');
  const headers = { 'content-type': 'text/csv', 'content-length': 10_000_000 };
  const statuses: number[] = [];
  const before = held();
  for (let nth = 0; nth < 120; nth++) {
    const { request: sending, answer } = send(IMPORTS(own), user.token, headers);
    sending.write(file);
    answer.then(
      ({ status }) => statuses.push(status),
      () => undefined,
    );
  }
  await eventually('those beyond one and a short line are refused', () => statuses.length >= 114);
  // Whoever has said nothing for two seconds while others wait has to leave, too: on a slow machine before the last has come.
  expect(statuses.filter((status) => ![408, 429].includes(status))).toEqual([]);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(100);
  // The file itself is held once, by who sends it.
  expect(held() - before).toBeLessThan(BEARABLE);
  expect(await isServed()).toBeLessThan(SOON_MS);
});

test('bodies that never end, of as many people as there is room for, keep nobody from an upload', async () => {
  for (let nth = 0; nth < 6; nth++) {
    const { token } = await koneksi.person('USER', [own]);
    const { request: sending } = send('/blasts/media?fileName=x.pdf', token, {
      'content-type': 'application/octet-stream',
    });
    sending.write('%PDF-1.7');
    await once(sending, 'finish', { signal: AbortSignal.timeout(50) }).catch(() => undefined);
  }
  const { request: sending, answer } = send('/blasts/media?fileName=x.pdf', koneksi.token, {
    'content-type': 'application/octet-stream',
  });
  const from = performance.now();
  sending.end('%PDF-1.7');
  expect(await answer).toEqual({ status: 201 });
  expect(performance.now() - from).toBeLessThan(SOON_MS);
});

test('a body of which nothing comes any more is told so', async () => {
  const { request: sending, answer } = send('/blasts/media?fileName=x.pdf', user.token, {
    'content-type': 'application/octet-stream',
  });
  sending.write('%PDF-1.7');
  expect(await answer).toEqual({ status: 408, code: 'BODY_TOO_SLOW' });
});

test.each([
  ['contacts', () => IMPORTS(own), { 'content-type': 'text/csv' }, 'IMPORT_TOO_LARGE'],
  ['contacts in a form', () => IMPORTS(own), FORM, 'IMPORT_TOO_LARGE'],
  ['a file', () => '/blasts/media?fileName=x', { 'content-type': 'application/octet-stream' }, 'PAYLOAD_TOO_LARGE'],
  ['fields', () => '/outlets', { 'content-type': 'application/json' }, 'PAYLOAD_TOO_LARGE'],
])('too much of %s is a 413 that arrives, however the body is sent', async (_, path, type, code) => {
  const content = Buffer.alloc(20 * MB, 'x');
  const head =
    path() === IMPORTS(own) && type === FORM
      ? '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
      : '';
  for (const declared of [true, false]) {
    const length: Record<string, number> = declared ? { 'content-length': head.length + content.length } : {};
    const { request: sending, answer } = send(path(), koneksi.token, { ...type, ...length });
    if (head) sending.write(head);
    sending.end(content);
    expect(await answer).toEqual({ status: 413, code });
  }
});

test('nobody who is not known is read beyond the head', async () => {
  const { request: sending, answer } = send('/outlets', 'nobody', { 'content-type': 'application/json' });
  sending.write('{');
  expect(await answer).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  const { request: login, answer: refusal } = send('/auth/login', 'nobody', { 'content-type': 'application/json' });
  login.end(JSON.stringify({ email: 'x'.repeat(5_000), password: '' }));
  expect(await refusal).toEqual({ status: 413, code: 'PAYLOAD_TOO_LARGE' });
});

/** Sends a body only once it is asked for. */
async function politely(path: string, token: string, headers: Record<string, string | number>): Promise<unknown> {
  let isInvited = false;
  const { request: sending, answer } = send(path, token, { expect: '100-continue', ...headers });
  sending.once('continue', () => {
    isInvited = true;
    sending.end('nomor\n081234567890\n');
  });
  sending.flushHeaders();
  const { status } = await answer;
  return { isInvited, status };
}

test('who asks whether a body is wanted is refused before, or asked for it', async () => {
  const csv = { 'content-type': 'text/csv', 'content-length': 19 };
  expect(await politely(IMPORTS(own), 'nobody', csv)).toEqual({ isInvited: false, status: 401 });
  expect(await politely(IMPORTS(NOBODYS), user.token, csv)).toEqual({ isInvited: false, status: 404 });
  const large = { ...csv, 'content-length': 99_999_999_999 };
  expect(await politely(IMPORTS(own), user.token, large)).toEqual({ isInvited: false, status: 413 });
  expect(await politely('/outlets', user.token, csv)).toEqual({ isInvited: false, status: 403 });
  expect(await politely(IMPORTS(own), user.token, csv)).toEqual({ isInvited: true, status: 200 });
});

test('who hangs up in the middle is no fault of ours', async () => {
  const logged = koneksi.logged.length;
  for (const [path, type] of [
    [IMPORTS(own), 'text/csv'],
    [IMPORTS(own), FORM['content-type']],
    ['/blasts/media?fileName=x', 'application/octet-stream'],
    ['/outlets', 'application/json'],
  ] as const) {
    const { port, hostname } = new URL(koneksi.app.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write(
      `POST /api${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${koneksi.token}\r\ncontent-type: ${type}\r\n` +
        'content-length: 1000\r\n\r\n--x\r\n',
    );
    await isServed();
    socket.destroy();
  }
  await isServed();
  await isServed();
  const told = koneksi.logged.slice(logged).map((line) => JSON.parse(line) as { level: number | string; msg: string });
  expect(told.filter(({ level, msg }) => level === 50 || level === 'error' || /failed/.test(msg))).toEqual([]);
});

test('a thousand fields that nobody knows are refused for twenty of them, and disturb nobody', async () => {
  const unknown = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, nth) => [`f${nth}`, 1]));
  const add = (body: unknown) =>
    koneksi.call<{ error: { fields: unknown[] } }>('POST', `/outlets/${own}/contacts`, { token: user.token, body });
  const refused = await add(unknown(1_000));
  expect(refused).toMatchObject({ status: 400, code: 'VALIDATION_FAILED' });
  expect(refused.body.error.fields).toHaveLength(20);
  const answers = Array.from({ length: 30 }, () => add(unknown(22_000)));
  const took = await isServed();
  for (const { status, code } of await Promise.all(answers)) expect([status, code]).toEqual([400, 'VALIDATION_FAILED']);
  expect(took).toBeLessThan(SOON_MS);
});

test('a browser that is known and stalls keeps out no other of the account', async () => {
  const { user: person } = await koneksi.person('USER', [own]);
  const credentials = { email: person.email, password: PASSWORD };
  const remembered = async (): Promise<string> => {
    const answer = await koneksi.call('POST', '/auth/login', { token: null, body: credentials });
    expectOk(answer);
    const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);
    return cookies.find((cookie) => cookie.startsWith('koneksi_browser='))!;
  };
  const [stolen, known] = [await remembered(), await remembered()];
  const headers = { 'content-type': 'application/json', 'content-length': 300 };
  const isFull = Promise.withResolvers<void>();
  for (let nth = 0; nth < 230; nth++) {
    const { request: sending, answer } = send('/auth/login', 'nobody', { ...headers, cookie: stolen });
    sending.write('{');
    answer.then(
      ({ status }) => status === 429 && isFull.resolve(),
      () => undefined,
    );
  }
  await isFull.promise;
  const text = JSON.stringify(credentials);
  const { request: sending, answer } = send('/auth/login', 'nobody', {
    ...headers,
    'content-length': text.length,
    cookie: known,
  });
  sending.end(text);
  expect((await answer).status).toBe(200);
});

// Log-ins last: whoever is refused one uses up what their address may try.
test.each(['/auth/login/second-factor', '/auth/password-resets', '/auth/login'])(
  'bodies of %s that never end keep out nobody whose browser is known, though they share an address',
  async (path) => {
    const { user: person } = await koneksi.person('USER', [own]);
    const credentials = { email: person.email, password: PASSWORD };
    const signedIn = await koneksi.call('POST', '/auth/login', { token: null, body: credentials });
    expectOk(signedIn);
    const cookies = signedIn.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);
    const known = cookies.find((cookie) => cookie.startsWith('koneksi_browser='))!;
    const headers = { 'content-type': 'application/json', 'content-length': 300 };
    const isFull = Promise.withResolvers<void>();
    for (let nth = 0; nth < 230; nth++) {
      const { request: sending, answer } = send(path, 'nobody', headers);
      sending.write('{');
      answer.then(
        ({ status }) => status === 429 && isFull.resolve(),
        () => undefined,
      );
    }
    await isFull.promise;
    const text = JSON.stringify(credentials);
    const logIn = (cookie: string): Promise<{ status: number }> => {
      const { request: sending, answer } = send('/auth/login', 'nobody', {
        ...headers,
        'content-length': text.length,
        cookie,
      });
      sending.end(text);
      return answer;
    };
    const from = performance.now();
    expect((await logIn('a=b')).status).toBe(429);
    expect((await logIn(known)).status).toBe(200);
    expect(performance.now() - from).toBeLessThan(SOON_MS);
  },
);
