import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Jest loads its global setup without our module mapping, so nothing of `src` is imported here.

const PREFIX = 'koneksi-test-';
/** Names the folder that all workers of one run share. */
const RUN_DIRECTORY = 'KONEKSI_TEST_RUN';

/** A folder for this run; the PostgreSQL in it starts when the first test asks for a database. */
export function openTestRun(): void {
  sweepAbandonedRuns();
  const directory = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // As root the server runs as another user, who must get in.
  chmodSync(directory, 0o711);
  process.env[RUN_DIRECTORY] = directory;
  // Ctrl-C skips Jest's global teardown; this does not.
  process.once('exit', closeTestRun);
}

/** Synchronous, so that it also works while the process exits. */
export function closeTestRun(): void {
  const directory = process.env[RUN_DIRECTORY];
  if (!directory) return;
  delete process.env[RUN_DIRECTORY];
  removeRun(directory);
}

export function runDirectory(): string {
  const directory = process.env[RUN_DIRECTORY];
  if (!directory) throw new Error('No test run is open: start the tests with Jest and its global setup');
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** A run whose Jest was killed could not clean up after itself. */
function sweepAbandonedRuns(): void {
  for (const name of readdirSync(tmpdir())) {
    const owner = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (owner && !isRunning(owner)) removeRun(join(tmpdir(), name));
  }
}

function removeRun(directory: string): void {
  const pidFile = join(directory, 'postgres', 'postmaster.pid');
  try {
    // Its data is thrown away, so it need not save any.
    process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGQUIT');
    const tick = new Int32Array(new SharedArrayBuffer(4));
    for (let waits = 0; waits < 300 && existsSync(pidFile); waits++) Atomics.wait(tick, 0, 0, 10);
  } catch {
    // Never started, or gone already.
  }
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
