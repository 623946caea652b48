import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartupFault } from '../config/startup-fault.js';
import { describeHolder, type Holder } from './holder.js';

const LOOK_EVERY_MS = 20;
/** Whoever waits longer says for whom. */
const TELL_AFTER_MS = 1_000;
const SQLITE_BUSY = 5;

/**
 * Runs `work` while nobody else holds `path`. The lock is the operating system's, which ends with its holder however
 * that dies. A process id in a file would prove nothing: in containers everybody is number 1, and every number comes
 * again. SQLite takes the lock, for Node.js has no call of its own. The file stays, or two could hold one of each.
 *
 * @param say told once where another holder keeps it waiting.
 * @throws {StartupFault} where the file cannot be locked.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>, say?: (text: string) => void): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const lock = await acquire(path, say);
  const note = noteOf(path);
  try {
    const holder: Holder = { host: hostname(), pid: process.pid, since: new Date().toISOString() };
    // For whoever waits to read; nothing is judged by it.
    await writeFile(note, JSON.stringify(holder)).catch(() => undefined);
    return await work();
  } finally {
    await rm(note, { force: true }).catch(() => undefined);
    lock.close();
  }
}

const noteOf = (path: string): string => `${path}.holder`;

async function acquire(path: string, say?: (text: string) => void): Promise<DatabaseSync> {
  const { DatabaseSync } = await import('node:sqlite');
  const begun = performance.now();
  let told = false;
  for (;;) {
    const lock = tryLock(() => new DatabaseSync(path), path);
    if (lock) return lock;
    if (!told && performance.now() - begun > TELL_AFTER_MS) {
      told = true;
      say?.(`Another Koneksi${await holderOf(path)} holds ${path}; waiting for it …`);
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** Holds the lock until it is closed; `null` where somebody else does. */
function tryLock(open: () => DatabaseSync, path: string): DatabaseSync | null {
  let lock: DatabaseSync | undefined;
  try {
    lock = open();
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    // The lower byte; above it stands why it is busy.
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY) return null;
    throw new StartupFault(
      `${path} cannot be locked (${(error as Error).message}): is it another user's, or its disk read-only?`,
      error,
    );
  }
}

async function holderOf(path: string): Promise<string> {
  try {
    return describeHolder(JSON.parse(await readFile(noteOf(path), 'utf8')) as Holder);
  } catch {
    return '';
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
