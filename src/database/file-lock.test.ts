import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withFileLock } from './file-lock.js';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'koneksi-lock-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** Another process that takes the lock as we do and holds it until it is killed. */
async function otherHolder(path: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [
    '-e',
    `const { DatabaseSync } = require('node:sqlite');
     const lock = new DatabaseSync(process.argv[1]); lock.exec('BEGIN EXCLUSIVE');
     process.stdout.write('held'); setInterval(() => lock, 1000);`,
    path,
  ]);
  await once(child.stdout, 'data');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
}

test('one after the other, also within one process', async () => {
  const path = join(directory, 'one');
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, () =>
      withFileLock(path, async () => {
        most = Math.max(most, ++inside);
        await sleep(5);
        inside--;
      }),
    ),
  );
  expect(most).toBe(1);
});

test('the lock of a process that was killed is free at once, whatever number is alive now', async () => {
  const path = join(directory, 'killed');
  const kill = await otherHolder(path);
  // As a container leaves it: the number of a process that lives, ours.
  await writeFile(`${path}.holder`, JSON.stringify({ host: hostname(), pid: process.pid, since: 'then' }));
  let entered = false;
  const waiting = withFileLock(path, () => Promise.resolve(void (entered = true)));
  await sleep(200);
  expect(entered).toBe(false);
  await kill();
  await waiting;
  expect(entered).toBe(true);
});

test('who waits for long is told for whom', async () => {
  const path = join(directory, 'told');
  const kill = await otherHolder(path);
  await writeFile(`${path}.holder`, JSON.stringify({ host: 'shop-1', pid: 1, since: '2026-11-27T08:00:00.000Z' }));
  const said: string[] = [];
  let taken: Promise<void> | undefined;
  await new Promise<void>((told) => {
    taken = withFileLock(
      path,
      () => Promise.resolve(),
      (text) => {
        said.push(text);
        told();
      },
    );
  });
  await kill();
  await taken;
  expect(said).toEqual([
    `Another Koneksi (process 1 on shop-1, since 2026-11-27T08:00:00.000Z) holds ${path}; waiting for it …`,
  ]);
});

test('a file that is no lock says so', async () => {
  const path = join(directory, 'text');
  await writeFile(path, 'a text that somebody put there '.repeat(40));
  await expect(withFileLock(path, () => Promise.resolve())).rejects.toThrow('cannot be locked');
});

test('work that fails gives the lock back', async () => {
  const path = join(directory, 'failed');
  await expect(withFileLock(path, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(withFileLock(path, () => Promise.resolve('yes'))).resolves.toBe('yes');
});
