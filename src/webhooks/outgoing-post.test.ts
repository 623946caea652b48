import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { createServer, type RequestListener } from 'node:http';
import { Egress } from './egress.js';
import { post } from './outgoing-post.js';

let server: Server;
let port: number;
let listener: RequestListener;
let requests = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests++;
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));
afterEach(() => {
  requests = 0;
});

const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const send = (url: string, { allow = LOOPBACK, timeoutMs = 5_000 } = {}) =>
  post({ url: new URL(url), headers: { 'x-one': 'two' }, body: '{}', egress: new Egress(allow), timeoutMs });
const answered = (status: number, retryAfterMs: number | null = null) => ({ status, fault: null, retryAfterMs });
const failed = (fault: string) => ({ status: null, fault, retryAfterMs: null });

test('what is allowed is reached, by name and by address', async () => {
  listener = (request, response) => response.writeHead(request.method === 'POST' ? 202 : 405).end('seen');
  expect(await send(`http://127.0.0.1:${port}/`)).toEqual(answered(202));
  expect(await send(`http://localhost:${port}/a?b=c`)).toEqual(answered(202));
});

test.each(['127.0.0.1', 'localhost', '127.1', '[::ffff:127.0.0.1]', '0x7f000001'])(
  'http://%s is not even connected to unless it is allowed',
  async (host) => {
    expect(await send(`http://${host}:${port}/`, { allow: [] })).toEqual(failed('ADDRESS_REFUSED'));
    expect(requests).toBe(0);
  },
);

test('a redirect is an answer like any other', async () => {
  listener = (_, response) => response.writeHead(307, { location: `http://localhost:${port}/other` }).end();
  expect(await send(`http://127.0.0.1:${port}/`)).toEqual(answered(307));
  expect(requests).toBe(1);
});

test('the deadline holds for an answer that does not come', async () => {
  listener = () => undefined;
  expect(await send(`http://127.0.0.1:${port}/`, { timeoutMs: 200 })).toEqual(failed('TIMEOUT'));
});

test('and for one that never ends, which counts by its status', async () => {
  listener = (_, response) => void response.writeHead(200).write('x');
  expect(await send(`http://127.0.0.1:${port}/`, { timeoutMs: 200 })).toEqual(answered(200));
});

test('a wish to wait is read in seconds and as a date', async () => {
  listener = (_, response) => response.writeHead(429, { 'retry-after': '7' }).end();
  expect(await send(`http://127.0.0.1:${port}/`)).toEqual(answered(429, 7_000));
  listener = (_, response) => response.writeHead(503, { 'retry-after': 'soon' }).end();
  expect(await send(`http://127.0.0.1:${port}/`)).toEqual(answered(503, null));
});

test('what goes wrong has a name', async () => {
  const rude = createTcp((socket) => socket.once('data', () => socket.destroy()));
  await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
  const rudePort = (rude.address() as AddressInfo).port;
  expect(await send(`http://127.0.0.1:${rudePort}/`)).toEqual(failed('CUT_OFF'));
  await new Promise((resolve) => rude.close(resolve));
  expect(await send(`http://127.0.0.1:${rudePort}/`)).toEqual(failed('UNREACHABLE'));
  const { fault } = await send('http://nobody.invalid/', { timeoutMs: 2_000 });
  expect(['NAME_UNKNOWN', 'TIMEOUT']).toContain(fault);
});
