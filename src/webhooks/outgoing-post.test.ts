import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createSocket, type Socket } from 'node:dgram';
import { writeFile } from 'node:fs/promises';
import { createServer as createTcp, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type RequestListener } from 'node:http';
import { Egress } from './egress.js';
import { post } from './outgoing-post.js';
import type { Names } from './resolve-name.js';

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
const send = (
  url: string,
  { allow = LOOPBACK, timeoutMs = 5_000, names = {} }: { allow?: string[]; timeoutMs?: number; names?: Names } = {},
) => post({ url: new URL(url), headers: { 'x-one': 'two' }, body: '{}', egress: new Egress(allow), timeoutMs, names });
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

test.each([22, 25, 6379, 5432])('port %i is not even connected to, though its address is allowed', async (closed) => {
  expect(await send(`http://127.0.0.1:${closed}/`)).toEqual(failed('PORT_REFUSED'));
  expect(await send(`https://toko.example:${closed}/`)).toEqual(failed('PORT_REFUSED'));
});

test('a redirect is an answer like any other', async () => {
  listener = (_, response) => response.writeHead(307, { location: `http://localhost:${port}/other` }).end();
  expect(await send(`http://127.0.0.1:${port}/`)).toEqual(answered(307));
  expect(requests).toBe(1);
});

test('an end cuts off what is under way, and lets nothing begin', async () => {
  const end = new AbortController();
  listener = () => end.abort();
  const request = { headers: {}, body: '{}', egress: new Egress(LOOPBACK), timeoutMs: 60_000, signal: end.signal };
  const url = new URL(`http://127.0.0.1:${port}/`);
  expect(await post({ ...request, url })).toEqual(failed('CUT_OFF'));
  expect(await post({ ...request, url })).toEqual(failed('CUT_OFF'));
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
});

describe('names', () => {
  let nameServer: Socket;
  let names: { servers: string[]; hostsFile: string };
  /** Questions by type: 1 asks for IPv4, 28 for IPv6. */
  let asked: number[];
  let answer: (question: Buffer, type: number) => Buffer | null;

  beforeAll(async () => {
    nameServer = createSocket('udp4', (question, from) => {
      const type = question.readUInt16BE(question.indexOf(0, 12) + 1);
      asked.push(type);
      const said = answer(question, type);
      if (said) nameServer.send(said, from.port, from.address);
    });
    await new Promise<void>((resolve) => nameServer.bind(0, '127.0.0.1', resolve));
    const hostsFile = join(tmpdir(), `koneksi-hosts-${process.pid}`);
    await writeFile(hostsFile, '# ours\n127.0.0.1\tTangerang.toko gudang.toko # the shop\n10.9.8.7 dalam.toko\nx y\n');
    names = { servers: [`127.0.0.1:${nameServer.address().port}`], hostsFile };
  });
  beforeEach(() => {
    asked = [];
  });
  afterAll(() => new Promise<void>((resolve) => nameServer.close(resolve)));

  /** The answer to a question for IPv4 addresses: RFC 1035, sections 4.1.1 to 4.1.3. */
  const leadsTo =
    (...addresses: string[]) =>
    (question: Buffer, type: number): Buffer => {
      const end = question.indexOf(0, 12) + 5;
      const records = type === 1 ? addresses : [];
      const head = Buffer.from(question.subarray(0, end));
      head.writeUInt16BE(0x8180, 2);
      head.writeUInt16BE(records.length, 6);
      head.writeUInt32BE(0, 8);
      const each = records.map((address) =>
        Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]),
      );
      return Buffer.concat([head, ...each]);
    };

  test('are asked for at the name server, in both families, and what may not be reached is left out', async () => {
    listener = (_, response) => response.writeHead(204).end();
    answer = leadsTo('10.0.0.1', '127.0.0.1');
    expect(await send(`http://toko.example:${port}/`, { names })).toEqual(answered(204));
    expect(asked.sort()).toEqual([1, 28]);
    answer = leadsTo('10.0.0.1', '169.254.169.254');
    expect(await send(`http://toko.example:${port}/`, { names })).toEqual(failed('ADDRESS_REFUSED'));
    answer = leadsTo();
    expect(await send(`http://toko.example:${port}/`, { names })).toEqual(failed('NAME_UNKNOWN'));
  });

  test('of the hosts file go before, and are judged alike', async () => {
    listener = (_, response) => response.writeHead(204).end();
    for (const name of ['tangerang.toko', 'GUDANG.toko', 'gudang.toko.'])
      expect(await send(`http://${name}:${port}/`, { names })).toEqual(answered(204));
    expect(await send(`http://dalam.toko:${port}/`, { names })).toEqual(failed('ADDRESS_REFUSED'));
    expect(await send(`http://tangerang.toko:${port}/`, { names, allow: [] })).toEqual(failed('ADDRESS_REFUSED'));
    expect(asked).toEqual([]);
  });

  test('a name server that never answers costs its requests their time and nobody else any', async () => {
    answer = () => null;
    const begun = performance.now();
    const waiting = Array.from({ length: 12 }, (_, n) => send(`http://mati${n}.example/`, { names, timeoutMs: 400 }));
    expect(new Set((await Promise.all(waiting)).map(({ fault }) => fault))).toEqual(new Set(['TIMEOUT']));
    expect(performance.now() - begun).toBeLessThan(4_000);
    expect(asked.length).toBeGreaterThanOrEqual(12);
  });

  test('localhost is this machine, whatever name servers say', async () => {
    listener = (_, response) => response.writeHead(204).end();
    answer = leadsTo('10.0.0.1');
    expect(await send(`http://localhost:${port}/`, { names })).toEqual(answered(204));
    expect(asked).toEqual([]);
  });
});
