import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive } from '../../src/database/file-lock.js';
import { readPostmaster } from '../../src/database/postmaster-file.js';
import { PATIENCE_MS } from '../support/eventually.js';
import { freePort } from '../support/free-port.js';
import { Program } from '../support/program.js';

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'koneksi-process-'));
  // As root the database runs as another user, who must get in.
  chmodSync(directory, 0o711);
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function postgresPid(): Promise<number> {
  return (await readPostmaster(join(directory, 'postgres')))?.pid ?? 0;
}

async function untilEnded(pid: number, withinMs: number): Promise<boolean> {
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; await sleep(20)) {
    if (!isAlive(pid)) return true;
  }
  return false;
}

describe('npm start', () => {
  let env: NodeJS.ProcessEnv;
  let programs: Program[];

  beforeEach(async () => {
    env = { DATA_DIR: directory, PORT: String(await freePort()) };
    programs = [];
  });

  afterEach(async () => {
    for (const { child, exit } of programs) {
      child.kill('SIGTERM');
      await exit;
    }
  });

  const start = (more: NodeJS.ProcessEnv = {}): Program => {
    const program = Program.koneksi({ ...env, ...more });
    programs.push(program);
    return program;
  };

  it('ends with code 1 and one message when the environment is wrong', async () => {
    const koneksi = start({ PORT: 'http', CREDENTIALS_KEY: 'changeme' });
    expect(await koneksi.exit).toBe(1);
    expect(koneksi.output).toMatch(/^The environment is not usable:\n {2}- PORT .*\n {2}- CREDENTIALS_KEY .*\n$/);
  });

  it('ends with code 1 and one sentence when its port is taken', async () => {
    const other = createServer().listen(Number(env.PORT), '127.0.0.1');
    const koneksi = start();
    expect(await koneksi.exit).toBe(1);
    expect(koneksi.output).toBe(
      `Port ${env.PORT} on 127.0.0.1 is taken by another program: end it or set PORT to another.\n`,
    );
    other.close();
  });

  it('ends with code 1 and one sentence when its database refuses', async () => {
    const koneksi = start({
      DATABASE_URL: 'postgres://koneksi:hunter2@127.0.0.1:1/koneksi',
      JWT_SECRET: 'b1946ac92492d2347c6235b4d2611184x',
      CREDENTIALS_KEY: 'qL0vO5kq8m4r1yWcZxJ7tB2nE9sUgHfDaPiXoVbNwMk=',
    });
    expect(await koneksi.exit).toBe(1);
    expect(koneksi.output).toBe(
      'PostgreSQL at 127.0.0.1:1 cannot be reached (ECONNREFUSED): check DATABASE_URL and that the server runs.\n',
    );
  });

  it('keeps generated secrets to its owner', async () => {
    await start().says('Koneksi is ready');
    expect(statSync(join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('finds everything again after it was killed', async () => {
    const killed = start();
    await killed.says('Koneksi is ready');
    const database = await postgresPid();
    killed.child.kill('SIGKILL');
    await killed.exit;
    expect(isAlive(database)).toBe(true);

    await start().says(`Koneksi is ready: http://localhost:${env.PORT}`);
    expect(await postgresPid()).toBe(database);
  });

  it('waits for the one before it to end', async () => {
    const first = start();
    await first.says('Koneksi is ready');
    const second = start({ PORT: String(await freePort()) });
    await second.says('still uses this database');
    expect(second.output).toContain(
      `Another Koneksi (process ${first.child.pid} on ${hostname().slice(0, 24)}, since 20`,
    );
    first.child.kill('SIGTERM');
    expect(await first.exit).toBe(0);
    await second.says('Koneksi is ready');
    expect((await fetch(`http://127.0.0.1:${second.output.match(/localhost:(\d+)/)?.[1]}/health/ready`)).status).toBe(
      200,
    );
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGKILL'] as const)('leaves nothing running when npm gets %s', async (signal) => {
    const npm = Program.run('npm', ['start', '--ignore-scripts', '--silent'], env);
    await npm.says('Koneksi is ready');
    const database = await postgresPid();
    npm.child.kill(signal);
    await npm.exit;
    expect(await untilEnded(database, PATIENCE_MS)).toBe(true);
    await expect(fetch(`http://127.0.0.1:${env.PORT}/health/live`)).rejects.toThrow();
  });
});
