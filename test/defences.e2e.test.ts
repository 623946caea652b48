import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ErrorBody } from '@koneksi/contracts/errors';
import type { OpenAPIObject } from '@nestjs/swagger';
import { Passwords } from '../src/auth/passwords.js';
import { expectOk, Koneksi, PASSWORD, SUPERADMIN } from './support/koneksi.js';
import { routesOf } from './support/route-table.js';

/** `LOGIN_ATTEMPTS` attacks longer. */
const ATTEMPTS = Number(process.env.LOGIN_ATTEMPTS ?? 600);
const JSON_TYPE = { 'content-type': 'application/json' };
const FOREIGN = 'https://evil.example';

let koneksi: Koneksi;
beforeAll(async () => {
  // One proxy in front, so that requests can come from many addresses.
  koneksi = await Koneksi.start({ env: { TRUST_PROXY: '1' } });
});
afterAll(() => koneksi.stop());

const request = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${koneksi.app.url}${path}`, init);
const known = (): Record<string, string> => ({ authorization: `Bearer ${koneksi.token}` });

describe('every answer', () => {
  const answers: [what: string, ask: () => Promise<Response>, status: number][] = [
    ['a page', () => request('/login'), 200],
    ['a script', async () => request(`/${/src="([^"]+\.js)"/.exec(await (await request('/')).text())![1]}`), 200],
    ['a script that is none', () => request('/main-00000000.js'), 404],
    ['a form sent to a page', () => request('/login', { method: 'POST' }), 404],
    ['outlets', () => request('/api/outlets', { headers: known() }), 200],
    ['a refusal for lack of a token', () => request('/api/outlets'), 401],
    ['a route that is none', () => request('/api/nothing', { headers: known() }), 404],
    ['a body that is none', () => request('/api/auth/login', { method: 'POST', headers: JSON_TYPE, body: '{' }), 400],
    ['a body that is no JSON', () => request('/api/auth/login', { method: 'POST', body: '{' }), 415],
    ['an address that is none', () => request('/api/outlets/%zz', { headers: known() }), 400],
    ['health', () => request('/health/ready'), 200],
    ['metrics', () => request('/metrics'), 200],
    ['the interface for people', () => request('/api/docs'), 200],
    ['a polled handshake', () => request('/socket.io/?EIO=4&transport=polling'), 200],
  ];

  test.each(answers)('has strict headers and shares nothing with other sites: %s', async (_, ask, status) => {
    const response = await ask();
    const { headers } = response;
    await response.body?.cancel();
    expect(response.status).toBe(status);
    expect(headers.get('content-security-policy')).toMatch(/default-src '(self|none)'/);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline|\*/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('access-control-allow-origin')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });

  test('of the interface is kept by nobody', async () => {
    for (const path of ['/api/outlets', '/api/outlets/status', '/api/users', '/api/app', '/api/nothing'])
      expect((await request(path, { headers: known() })).headers.get('cache-control')).toBe('no-store');
  });
});

describe('a page of another site', () => {
  const routes = () => routesOf(koneksi.app.app).map(({ method, path }) => ({ method, path: `/api${path}` }));

  test('is told by no preflight that it may call', async () => {
    for (const { method, path } of routes()) {
      const headers = {
        origin: FOREIGN,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization',
      };
      const { headers: answered } = await request(path, { method: 'OPTIONS', headers });
      expect([path, answered.get('access-control-allow-origin')]).toEqual([path, null]);
      expect([path, answered.get('access-control-allow-credentials')]).toEqual([path, null]);
    }
  });

  test('gets nothing by a form that the browser sends the cookie with', async () => {
    const signedIn = await koneksi.call('POST', '/auth/login', { token: null, body: SUPERADMIN });
    const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!;
    expect(signedIn.headers.getSetCookie()[0]).toMatch(/HttpOnly; SameSite=Strict/);
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
      for (const { method, path } of routes().filter(({ method }) => method === 'POST')) {
        const headers = { origin: FOREIGN, cookie, 'content-type': type };
        const answer = await request(path, { method, headers, body: 'name=x' });
        await answer.body?.cancel();
        expect([path, [401, 403].includes(answer.status)]).toEqual([path, true]);
        expect(answer.headers.getSetCookie()).toEqual([]);
      }
    }
    expect((await request('/api/auth/refresh', { method: 'POST', headers: { cookie } })).status).toBe(200);
  });
});

test('no route takes a field it does not know, and each is named', async () => {
  const { paths } = expectOk(await koneksi.call<OpenAPIObject>('GET', '/docs/openapi.json'));
  const withBody = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, { requestBody?: { content: Record<string, { schema?: object }> } }>)
      .map(([method, { requestBody }]) => ({ method, schema: requestBody?.content['application/json']?.schema }))
      .filter(({ schema }) => schema !== undefined)
      .map(({ method, schema }) => ({
        method: method.toUpperCase(),
        path: path.slice('/api'.length),
        isOneForm: !('anyOf' in schema!),
      })),
  );
  expect(withBody.length).toBeGreaterThan(15);
  for (const { method, path, isOneForm } of withBody) {
    const address = path.replace(/\{\w+\}/g, '99999999-9999-4999-8999-999999999999');
    const body = { tokenVersion: 9, createdBy: 'me', passwordHash: 'x' };
    const answer = await koneksi.call<ErrorBody>(method, address, { body });
    expect([path, answer.status, answer.code]).toEqual([path, 400, 'VALIDATION_FAILED']);
    // Which of several forms was meant, nobody knows; that it is none of them is said of the whole.
    if (!isOneForm) continue;
    const named = answer.body.error.fields!.map(({ field }) => field);
    expect([path, Object.keys(body).filter((field) => !named.includes(field))]).toEqual([path, []]);
  }
});

test('log-ins go on while passwords are guessed from one address and from many', async () => {
  const person = await koneksi.person('USER');
  const logIn = async (email: string, password: string, address: string): Promise<number> => {
    const headers = { 'content-type': 'application/json', 'x-forwarded-for': address };
    const answer = await request('/api/auth/login', {
      method: 'POST',
      headers,
      body: JSON.stringify({ email, password }),
    });
    await answer.body?.cancel();
    return answer.status;
  };
  const answers: number[] = [];
  let left = ATTEMPTS;
  const guess = async (): Promise<void> => {
    while (left-- > 0) {
      // Half of them from one address, half from a crowd of them, all at the account that wants to log in.
      const address = left % 2 === 0 ? '198.51.100.7' : `203.0.113.${left % 20}`;
      answers.push(await logIn(person.user.email, `guess ${left}`, address));
    }
  };
  const attack = Promise.all([guess(), guess(), guess(), guess()]);
  const took: number[] = [];
  let over = false;
  void attack.then(() => (over = true));
  for (let nth = 0; !over || took.length < 20; nth++) {
    const from = performance.now();
    expect(await logIn(person.user.email, PASSWORD, `192.0.2.${nth % 200}`)).toBe(200);
    took.push(performance.now() - from);
  }
  await attack;
  expect(new Set(answers)).toEqual(new Set([401, 429]));
  // Ten guesses each, fewer once the account is crowded; whatever else they try costs no hashing.
  expect(answers.filter((status) => status === 401).length).toBeLessThanOrEqual(21 * 10);
  const p95 = took.toSorted((a, b) => a - b)[Math.floor(took.length * 0.95)]!;
  // Generous: this shares the machine with other tests. docs/security.md has the figure of a quiet one.
  expect(p95).toBeLessThan(15_000);
  if (process.env.LOGIN_ATTEMPTS) process.stderr.write(`${took.length} log-ins, p95 ${Math.round(p95)} ms\n`);
}, 300_000);

test('a guess takes as long for an account that is none', async () => {
  const whose = { stranger: 'somewhere' };
  const passwords = koneksi.app.app.get(Passwords, { strict: false });
  const hash = await passwords.hash(PASSWORD, whose);
  expect(await passwords.matches(PASSWORD, hash, whose)).toBe(true);
  expect(await passwords.matches(PASSWORD, null, whose)).toBe(false);
});

test('who shows no certificate for WhatsApp is not talked to', async () => {
  const pem = await readFile(join(import.meta.dirname, 'support/self-signed.pem'));
  const impostor = createServer({ key: pem, cert: pem });
  let upgrades = 0;
  impostor.on('upgrade', () => upgrades++);
  // The handshake ends in an alert, which the server sees as an error of the client.
  impostor.on('tlsClientError', () => undefined);
  impostor.listen(0, '127.0.0.1');
  await once(impostor, 'listening');
  const { port } = impostor.address() as AddressInfo;
  await koneksi.pause();
  await koneksi.resume({ WA_WEB_SOCKET_URL: `wss://localhost:${port}/ws/chat` });
  const page = await koneksi.dashboard();
  const outlet = await koneksi.outlet();
  await koneksi.connect(outlet.id);
  const { status } = await page.becomes(outlet.id, 'WHATSAPP_UNREACHABLE');
  expect(status.reason).toMatchObject({ params: { detail: 'TLS certificate' } });
  expect(upgrades).toBe(0);
  impostor.close();
});
