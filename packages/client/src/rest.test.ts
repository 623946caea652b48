import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { CreateBlast } from '@koneksi/contracts/blast-requests';
import type { CreateContact } from '@koneksi/contracts/contacts';
import type { SendMessage } from '@koneksi/contracts/messages';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type * as z from 'zod';
import { KoneksiError, KoneksiRest, type NewBlast, type NewContact, type NewMessage } from './rest.ts';

/** What the server does with the next requests; with all beyond, the last of it. */
type Answer = 'cut' | { status: number; body?: unknown; headers?: Record<string, string> };

let server: Server;
let rest: KoneksiRest;
let answers: Answer[];
let asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[];
const ID = '0b7f9d0c-6a36-4f4e-9a4b-0d2b3f1c2a11';
const DONE: Answer = { status: 202, body: { id: ID } };
const refusal = (status: number, code: string, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: { success: false, error: { code, message: 'No.', requestId: 'r1' } },
});
const MESSAGE = { outletId: ID, phone: '0812 3456 7890', text: 'Siap' };

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = '';
  for await (const part of request) body += String(part);
  asked.push({ method: request.method!, url: request.url!, headers: request.headers, body });
  const next = answers.length > 1 ? answers.shift()! : answers[0]!;
  if (next === 'cut') return void request.socket.destroy();
  response.writeHead(next.status, { 'content-type': 'application/json', ...next.headers });
  response.end(next.body === undefined ? undefined : JSON.stringify(next.body));
}

beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  rest = new KoneksiRest({
    url: `http://127.0.0.1:${port}/shops`,
    token: () => 'kon_x',
    locale: 'en',
    patienceMs: 3_000,
  });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});

async function faultOf(work: Promise<unknown>): Promise<KoneksiError> {
  const thrown: unknown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(KoneksiError);
  return thrown as KoneksiError;
}

test('it asks below the address that it is given, as whoever it is for, and leaves out what is not asked', async () => {
  answers = [{ status: 200, body: { contacts: [], count: 0, next: null } }];
  await rest.contacts(ID, { search: 'a&b=c', tag: undefined as unknown as string });
  expect(asked[0]).toMatchObject({ method: 'GET', url: `/shops/api/outlets/${ID}/contacts?search=a%26b%3Dc` });
  expect(asked[0]!.headers).toMatchObject({ authorization: 'Bearer kon_x', 'accept-language': 'en' });
});

test.each<[string, Answer[]]>([
  ['nobody answered', ['cut', DONE]],
  ['a proxy answered for it', [{ status: 502, body: {} }, DONE]],
  ['it comes too often', [refusal(429, 'TOO_MANY_ATTEMPTS', { 'retry-after': '1' }), DONE]],
  ['the database is away', [refusal(503, 'STORE_DOWN', { 'retry-after': '0' }), DONE]],
  ['nobody owns the outlet yet', [refusal(503, 'OWNER_UNKNOWN', { 'retry-after': '0' }), DONE]],
  ['the first is still under way', [refusal(409, 'IDEMPOTENCY_IN_PROGRESS', { 'retry-after': '1' }), DONE]],
])('a message is sent again under the same key where %s', async (_, script) => {
  answers = script;
  expect(await rest.sendMessage(MESSAGE)).toEqual({ id: ID });
  const keys = asked.map(({ headers }) => headers['idempotency-key']);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
});

test('one wish has one key, another another, and what has a name of its own keeps it', async () => {
  answers = [DONE];
  await rest.sendMessage(MESSAGE);
  await rest.sendMessage(MESSAGE);
  await rest.sendMessage(MESSAGE, { idempotencyKey: 'order-1042' });
  const keys = asked.map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys).size).toBe(3);
  expect(keys[2]).toBe('order-1042');
});

test.each<[string, Answer, number, string]>([
  ['the outlet may have obeyed', refusal(504, 'OWNER_UNANSWERED'), 504, 'OWNER_UNANSWERED'],
  ['it is refused', refusal(409, 'OUTLET_NOT_HEALTHY'), 409, 'OUTLET_NOT_HEALTHY'],
  [
    'the outlet obeyed already',
    refusal(503, 'WHATSAPP_UNREACHABLE', { 'retry-after': '1' }),
    503,
    'WHATSAPP_UNREACHABLE',
  ],
  [
    'it would have to wait for longer than it may',
    refusal(429, 'TOO_MANY_ATTEMPTS', { 'retry-after': '900' }),
    429,
    'TOO_MANY_ATTEMPTS',
  ],
])('a POST is not sent again where %s', async (_, refused, status, code) => {
  answers = [refused];
  expect(await faultOf(rest.connect(ID))).toMatchObject({ status, code });
  expect(asked).toHaveLength(1);
});

test('a change that may have been done is not sent again; one that was refused for now is', async () => {
  answers = ['cut'];
  expect(await faultOf(rest.updateContact(ID, { name: 'Ibu Sari' }))).toMatchObject({ status: 0, code: 'UNREACHABLE' });
  expect(await faultOf(rest.removeContact(ID))).toMatchObject({ code: 'UNREACHABLE' });
  expect(asked).toHaveLength(2);
  answers = [refusal(429, 'TOO_MANY_ATTEMPTS', { 'retry-after': '0' }), { status: 204 }];
  expect(await rest.removeContact(ID)).toBeUndefined();
});

test('Retry-After is obeyed, in seconds', async () => {
  answers = [refusal(429, 'TOO_MANY_ATTEMPTS', { 'retry-after': '2' }), { status: 200, body: {} }];
  const began = performance.now();
  await rest.status(ID);
  expect(performance.now() - began).toBeGreaterThanOrEqual(1_990);
});

test('it gives up after so many tries, and says what it knows', async () => {
  answers = [refusal(503, 'STORE_DOWN', { 'retry-after': '0' })];
  const error = await faultOf(new KoneksiRest({ url: urlOf(), token: 'x', tries: 2 }).status(ID));
  expect(error).toMatchObject({
    status: 503,
    code: 'STORE_DOWN',
    message: 'No.',
    requestId: 'r1',
    retryAfterSeconds: 0,
  });
  expect(asked).toHaveLength(2);
});

test('a token follows no redirect, and no id leads elsewhere', async () => {
  answers = [{ status: 307, headers: { location: '/elsewhere' } }];
  const once = new KoneksiRest({ url: urlOf(), token: 'x', tries: 1 });
  expect(await faultOf(once.status(ID))).toMatchObject({ status: 0, code: 'UNREACHABLE' });
  expect(asked).toHaveLength(1);
  for (const wrong of ['..', '', 'a/b', 'a?b', 'a#b', '%2e%2e']) expect(() => rest.status(wrong)).toThrow(TypeError);
  expect(asked).toHaveLength(1);
});

test('what is asked with is what the contracts take', () => {
  const fits: [z.input<typeof SendMessage>, z.input<typeof CreateContact>, z.input<typeof CreateBlast>] = [
    {} as NewMessage,
    {} as NewContact,
    {} as NewBlast,
  ];
  expect(fits).toHaveLength(3);
});

function urlOf(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
