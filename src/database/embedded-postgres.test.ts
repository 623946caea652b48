import { chmodSync, existsSync, lstatSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.js';
import { readPostmaster } from './postmaster-file.js';

let directory: string;
let options: EmbeddedPostgresOptions;
let started: EmbeddedPostgres[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'koneksi-embedded-'));
  chmodSync(directory, 0o711);
  options = { directory, password: 'a password', settings: { fsync: 'off' } };
  started = [];
});

afterEach(async () => {
  for (const server of started) await server.stop();
  if (existsSync(join(directory, 'postgres'))) {
    rmSync(realpathSync(join(directory, 'postgres')), { recursive: true, force: true });
  }
  rmSync(directory, { recursive: true, force: true });
});

async function start(): Promise<EmbeddedPostgres> {
  const server = await EmbeddedPostgres.start(options);
  started.push(server);
  return server;
}

async function ask(server: EmbeddedPostgres, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: server.url() });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

async function postmaster(): Promise<number> {
  return (await readPostmaster(join(directory, 'postgres')))?.pid ?? 0;
}

describe('the embedded database', () => {
  it('keeps its data over a restart, and listens on loopback only', async () => {
    const first = await start();
    await ask(first, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    expect(await postmaster()).toBe(0);
    const second = await start();
    expect(await ask(second, 'SELECT answer FROM kept')).toBe(42);
    expect(await ask(second, 'SHOW listen_addresses')).toBe('127.0.0.1');
  });

  it('is one server for whoever starts it at the same time', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect(one.url()).toBe(other.url());
  });

  it('is found again when a killed Koneksi left it running', async () => {
    const left = await start();
    const pid = await postmaster();
    const found = await start();
    expect(found.url()).toBe(left.url());
    expect(await postmaster()).toBe(pid);
  });

  it('starts although the number in a stale file now belongs to another program', async () => {
    const before = await start();
    await before.stop();
    writeFileSync(
      join(directory, 'postgres', 'postmaster.pid'),
      `${process.pid}\n${directory}\n1\n5432\n\n\n\nready\n`,
    );
    expect(await ask(await start(), 'SELECT 1')).toBe(1);
  });

  it('comes back at the same address when something kills it', async () => {
    const server = await start();
    const url = server.url();
    process.kill(await postmaster(), 'SIGKILL');
    for (let tries = 0; ; tries++) {
      try {
        await server.revive();
        break;
      } catch (error) {
        // Its children need a moment to notice.
        if (tries > 20) throw error;
      }
    }
    expect(server.url()).toBe(url);
    expect(await ask(server, 'SELECT 1')).toBe(1);
  });

  it('tells a wrong password from a server that is away', async () => {
    await start();
    await expect(EmbeddedPostgres.start({ ...options, password: 'another' })).rejects.toThrow(
      /has another password than the secrets beside it/,
    );
  });

  it('refuses data of another major version', async () => {
    const server = await start();
    await server.stop();
    writeFileSync(join(directory, 'postgres', 'PG_VERSION'), '12\n');
    await expect(start()).rejects.toThrow(/was made by PostgreSQL 12, this one is 18/);
  });

  it('makes its data anew when the first start was cut short', async () => {
    await start().then((server) => server.stop());
    rmSync(realpathSync(join(directory, 'postgres')), { recursive: true });
    rmSync(join(directory, 'postgres'), { force: true });
    writeFileSync(join(directory, 'postgres.new'), 'half made');
    expect(await ask(await start(), 'SELECT 1')).toBe(1);
  });

  it('runs for root in a folder that nobody else can enter', async () => {
    if (process.getuid?.() !== 0) return;
    chmodSync(directory, 0o700);
    expect(await ask(await start(), 'SELECT 1')).toBe(1);
    expect(lstatSync(join(directory, 'postgres')).isSymbolicLink()).toBe(true);
  });
});
