import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { WebSocket } from 'ws';
import { type RunningApp, startApp } from '../../src/app.js';
import { StartupFault } from '../../src/config/startup-fault.js';
import { eventually } from '../support/eventually.js';
import { createEmptyDatabase } from '../support/test-database.js';
import { testEnv } from '../support/test-env.js';

let database: { url: string; drop(): Promise<void> };

beforeAll(async () => {
  database = await createEmptyDatabase();
});

afterAll(() => database.drop());

describe('a running Koneksi', () => {
  let koneksi: RunningApp;

  beforeAll(async () => {
    koneksi = await startApp({ env: testEnv(database.url) });
  });

  afterAll(() => koneksi.stop());

  it('is alive and ready', async () => {
    for (const [path, status] of [
      ['/health/live', 'live'],
      ['/health/ready', 'ready'],
    ]) {
      const response = await fetch(koneksi.url + path);
      expect(response.status).toBe(200);
      expect(await response.json()).toEqual({ status });
    }
  });

  it('answers an unknown route of the interface in the shape of every refusal', async () => {
    const response = await fetch(`${koneksi.url}/api/no-such-thing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ success: false, error: { code: 'NOT_FOUND' } });
  });

  it.each(['/', '/login', '/outlet-status', '/outlets', '/blast'])('serves the dashboard at %s', async (path) => {
    const response = await fetch(koneksi.url + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(await response.text()).toContain('<script');
  });

  it('never answers a missing script with a page', async () => {
    expect((await fetch(`${koneksi.url}/main-ABCDEFGH.js`)).status).toBe(404);
  });

  it('lets browsers keep for ever what has a hash in its name', async () => {
    const page = await (await fetch(koneksi.url)).text();
    const hashed = [...page.matchAll(/(?:src|href)="((?:main|chunk|styles)-[\w-]+\.(?:js|css))"/g)].map(
      ([, name]) => name,
    );
    expect(hashed.length).toBeGreaterThan(2);
    for (const name of hashed) {
      const { headers } = await fetch(`${koneksi.url}/${name}`, { headers: { 'accept-encoding': 'br' } });
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('content-encoding')).toBe('br');
    }
    const { headers } = await fetch(`${koneksi.url}/remembered-choices.js`);
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it('allows scripts of its own only, and stays usable over plain HTTP', async () => {
    const { headers } = await fetch(koneksi.url);
    const policy = headers.get('content-security-policy');
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('refuses a body that is too large', async () => {
    const response = await fetch(`${koneksi.url}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'x'.repeat(300_000), password: '' }),
    });
    expect(response.status).toBe(413);
  });

  describe('opening a socket', () => {
    const pollWith = (headers: Record<string, string>) =>
      fetch(`${koneksi.url}/socket.io/?EIO=4&transport=polling`, { headers }).then(({ status }) => status);
    const upgradeWith = (origin?: string) =>
      new Promise<number>((resolve, reject) => {
        const url = `${koneksi.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`;
        const socket = new WebSocket(url, origin ? { origin } : {});
        socket.on('open', () => (socket.close(), resolve(101)));
        socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
        socket.on('error', reject);
      });

    it('is for pages of ours, by whichever name of this machine', async () => {
      expect(await pollWith({ origin: `http://localhost:${koneksi.port}` })).toBe(200);
      expect(await upgradeWith(`http://127.0.0.1:${koneksi.port}`)).toBe(101);
    });

    it('is for programs, which send no origin', async () => {
      expect(await pollWith({})).toBe(200);
      expect(await upgradeWith()).toBe(101);
    });

    it('is not for pages of others, polled or upgraded', async () => {
      expect(await pollWith({ origin: 'http://evil.example' })).toBe(403);
      expect(await upgradeWith('http://evil.example')).toBe(400);
    });
  });

  it('is not ready while its database is away, and ready again after', async () => {
    const admin = new pg.Client({ connectionString: database.url.replace(/[^/]+$/, 'postgres') });
    await admin.connect();
    const name = new URL(database.url).pathname.slice(1);
    try {
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await admin.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, [name]);
      const away = await fetch(`${koneksi.url}/health/ready`);
      expect(away.status).toBe(503);
      expect(await away.json()).toMatchObject({ status: 'not ready', reason: expect.stringContaining('database') });
      expect((await fetch(`${koneksi.url}/health/live`)).status).toBe(200);
    } finally {
      await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
      await admin.end();
    }
    await eventually('it is ready again', async () => (await fetch(`${koneksi.url}/health/ready`)).ok);
  });
});

describe('a start that cannot succeed says why in a sentence', () => {
  const withUrl = (change: (url: URL) => void): string => {
    const url = new URL(database.url);
    change(url);
    return url.href;
  };

  it.each<[string, (url: URL) => void, RegExp]>([
    ['a wrong password', (url) => (url.password = 'wrong'), /refuses user koneksi .*: check user and password/],
    ['an unknown database', (url) => (url.pathname = '/nowhere'), /has no database nowhere: create it/],
    ['nobody listening', (url) => (url.port = '1'), /127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\)/],
    ['an unknown host', (url) => (url.hostname = 'no.invalid'), /no\.invalid:\d+ cannot be reached/],
  ])('for %s', async (_name, change, sentence) => {
    const fault = await startApp({ env: testEnv(withUrl(change)) }).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(StartupFault);
    expect((fault as StartupFault).message).toMatch(sentence);
    expect((fault as StartupFault).message).not.toContain('wrong');
  });

  it('for a user that may not make tables', async () => {
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    const fresh = await createEmptyDatabase();
    await admin.query("CREATE ROLE guest LOGIN PASSWORD 'guest'");
    const url = new URL(fresh.url);
    [url.username, url.password] = ['guest', 'guest'];
    try {
      await expect(startApp({ env: testEnv(url.href) })).rejects.toThrow(/User guest may not change the schema/);
    } finally {
      await fresh.drop();
      await admin.query('DROP ROLE guest');
      await admin.end();
    }
  });

  it('for a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startApp({ env: testEnv(database.url, { PORT: String(port) }) })).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken by another program: end it or set PORT to another.`,
    );
    other.close();
  });

  it('for an address of another machine', async () => {
    await expect(startApp({ env: testEnv(database.url, { HOST: '203.0.113.1', PORT: '4999' }) })).rejects.toThrow(
      'HOST 203.0.113.1 is not an address of this machine',
    );
  });
});
