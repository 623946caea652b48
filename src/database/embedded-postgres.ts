import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { StartupFault } from '../config/startup-fault.js';
import { isAlive, withFileLock } from './file-lock.js';
import { findPostgres } from './postgres-binaries.js';
import { isPostgresOf, type Postmaster, postmasterFile, readPostmaster } from './postmaster-file.js';
import {
  chooseUnprivilegedUser,
  makeDataDirectory,
  reachableBinaries,
  type UnprivilegedUser,
} from './unprivileged-user.js';

export interface EmbeddedPostgresOptions {
  /** The data lies in `postgres` below it, PostgreSQL's own log beside that. */
  directory: string;
  password: string;
  /** Settings on top of ours, e.g. `{ fsync: 'off' }` for tests. */
  settings?: Record<string, string>;
  /** Told what takes long. */
  say?: (text: string) => void;
}

const MAJOR = '18';
const USER = 'koneksi';

/** For 1,000 outlets on a small machine: few connections, nothing that only replicas or parallel queries need. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '50',
  shared_buffers: '128MB',
  synchronous_commit: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '512MB',
  checkpoint_timeout: '15min',
  // Dynamic shared memory is small in containers, and no query here is worth a parallel plan.
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
};

/**
 * A PostgreSQL of our own, on loopback and a free port. It outlives a killed Koneksi on purpose: its data stays sound
 * and the next start finds it ready.
 */
export class EmbeddedPostgres {
  private constructor(
    private readonly options: EmbeddedPostgresOptions,
    private readonly dataDirectory: string,
    private postmaster: Postmaster,
  ) {}

  /** Reuses the server that already runs on this directory, else starts one; makes the directory on first use. */
  static async start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    const dataDirectory = dataIn(options.directory);
    return withStartLock(options, async () => {
      if (!hasEmbeddedData(options.directory)) await initialise(options, dataDirectory);
      refuseForeign(dataDirectory);
      const realDirectory = realpathSync(dataDirectory);
      const postmaster = (await findRunning(realDirectory, options)) ?? (await launch(realDirectory, options));
      return new EmbeddedPostgres(options, realDirectory, postmaster);
    });
  }

  /** Starts the server again, on the same port, if something ended it. */
  async revive(): Promise<void> {
    await withStartLock(this.options, async () => {
      this.postmaster =
        (await findRunning(this.dataDirectory, this.options)) ??
        (await launch(this.dataDirectory, this.options, this.postmaster.port));
    });
  }

  url(database = 'postgres'): string {
    return `postgres://${USER}:${this.options.password}@127.0.0.1:${this.postmaster.port}/${database}`;
  }

  /** Ends every connection and writes all data; what then still runs is cut off, which costs a recovery at next start. */
  async stop(): Promise<void> {
    await this.signal('SIGINT', 'fast');
    if (await this.hasEnded(6000)) return;
    await this.signal('SIGQUIT', 'immediate');
    await this.hasEnded(1500);
  }

  private async signal(signal: NodeJS.Signals, mode: string): Promise<void> {
    const { pid } = this.postmaster;
    const current = await readPostmaster(this.dataDirectory);
    // Without the file, e.g. with the data deleted under it, the process itself tells whether it is still ours.
    if (current ? current.pid !== pid : !(await isPostgresOf(pid, this.dataDirectory))) return;
    if (process.platform === 'win32') {
      const pgCtl = join(findPostgres(), 'bin', 'pg_ctl');
      await promisify(execFile)(pgCtl, ['stop', '-W', '-m', mode, '-D', this.dataDirectory]).catch(() => undefined);
    } else if (isAlive(pid)) {
      process.kill(pid, signal);
    }
  }

  private async hasEnded(withinMs: number): Promise<boolean> {
    const deadline = performance.now() + withinMs;
    while (performance.now() < deadline) {
      const postmaster = await readPostmaster(this.dataDirectory);
      if (postmaster?.pid !== this.postmaster.pid || !isAlive(postmaster.pid)) return true;
      await sleep(10);
    }
    return false;
  }
}

export function hasEmbeddedData(directory: string): boolean {
  return existsSync(join(dataIn(directory), 'PG_VERSION'));
}

function dataIn(directory: string): string {
  return join(directory, 'postgres');
}

async function withStartLock<T>({ directory, say }: EmbeddedPostgresOptions, work: () => Promise<T>): Promise<T> {
  return withFileLock(join(directory, 'postgres.lock'), work, say);
}

async function initialise(options: EmbeddedPostgresOptions, dataDirectory: string): Promise<void> {
  options.say?.('Making the database (first start only) …');
  const user = chooseUnprivilegedUser(dataDirectory);
  await mkdir(options.directory, { recursive: true });
  // Built aside and renamed when whole, so that a start cut short leaves nothing half made.
  const half = `${dataDirectory}.new`;
  makeDataDirectory(half, user);
  const passwordFile = join(realpathSync(half), '..', `.postgres-password-${process.pid}`);
  await writeFile(passwordFile, options.password, { mode: 0o600 });
  try {
    if (user) chownSync(passwordFile, user.uid, user.gid);
    await promisify(execFile)(
      join(binaries(user), 'bin', 'initdb'),
      [
        `--pgdata=${realpathSync(half)}`,
        `--username=${USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // PostgreSQL's own locale: an index sorted by the system's would break when the system is upgraded.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        ...(options.settings?.fsync === 'off' ? ['--no-sync'] : []),
      ],
      { ...user, env: childEnv(), cwd: '/' },
    );
    renameSync(half, dataDirectory);
  } catch (error) {
    const said = reasonIn((error as { stderr?: string }).stderr ?? '') ?? (error as Error).message;
    throw new StartupFault(`The database in ${dataDirectory} could not be made: ${said}.`, error);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Its last lines tell how it cleaned up; the first that complains tells why. */
function reasonIn(stderr: string): string | undefined {
  const lines = stderr.trim().split('\n').filter(Boolean);
  return lines.find((line) => /error|fatal|could not|panic/i.test(line)) ?? lines.at(-1);
}

function refuseForeign(dataDirectory: string): void {
  let version: string;
  try {
    version = readFileSync(join(dataDirectory, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    throw new StartupFault(
      `${dataDirectory} belongs to another user, probably because Koneksi once ran as root: run as that user again or set DATA_DIR.`,
      error,
    );
  }
  if (version === MAJOR) return;
  throw new StartupFault(
    `${dataDirectory} was made by PostgreSQL ${version}, this one is ${MAJOR}: dump it with the old version, or set DATA_DIR.`,
  );
}

async function findRunning(dataDirectory: string, options: EmbeddedPostgresOptions): Promise<Postmaster | null> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const postmaster = await readPostmaster(dataDirectory);
    if (!postmaster || !isAlive(postmaster.pid)) return null;
    if (!(await isPostgresOf(postmaster.pid, dataDirectory))) {
      // After a crash of the whole machine the number can belong to anyone; PostgreSQL would refuse to start.
      rmSync(postmasterFile(dataDirectory), { force: true });
      return null;
    }
    if (postmaster.state === 'ready' && (await answers(postmaster, options))) return postmaster;
    await sleep(50);
  }
  throw new StartupFault(`The PostgreSQL already running on ${dataDirectory} does not answer; end it and start again.`);
}

async function answers(postmaster: Postmaster, { password, directory }: EmbeddedPostgresOptions): Promise<boolean> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: postmaster.port,
    user: USER,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 3000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== '28P01') return false;
    throw new StartupFault(`The database in ${directory} has another password than the secrets beside it.`, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function launch(
  dataDirectory: string,
  options: EmbeddedPostgresOptions,
  fixedPort?: number,
): Promise<Postmaster> {
  const logPath = join(options.directory, 'postgres.log');
  const user = chooseUnprivilegedUser(dataDirectory);
  for (let attempt = 1; ; attempt++) {
    const port = fixedPort ?? (await freePort());
    const log = openSync(logPath, 'w', 0o600);
    const settings = { ...SETTINGS, ...options.settings, port: String(port) };
    const child = spawn(
      join(binaries(user), 'bin', 'postgres'),
      ['-D', dataDirectory, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      // Its own session: Ctrl-C in the terminal is for Koneksi, which stops the database last.
      { ...user, cwd: '/', env: childEnv(), detached: true, windowsHide: true, stdio: ['ignore', log, log] },
    );
    closeSync(log);
    child.unref();
    const postmaster = await untilReady(child, dataDirectory, options.say);
    if (postmaster) return postmaster;
    const lastWords = readFileSync(logPath, 'utf8').trim().split('\n');
    // Between our look and its start somebody else may have taken the port.
    if (!fixedPort && attempt < 3 && lastWords.some((line) => /could not bind|address already in use/i.test(line)))
      continue;
    const said = lastWords.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lastWords.at(-1);
    throw new StartupFault(`The embedded PostgreSQL does not start: ${said || 'no reason given'} (${logPath}).`);
  }
}

async function untilReady(
  child: ChildProcess,
  dataDirectory: string,
  say: EmbeddedPostgresOptions['say'],
): Promise<Postmaster | null> {
  let ended = false;
  const end = () => (ended = true);
  child.once('exit', end).once('error', end);
  const begun = performance.now();
  let told = false;
  while (!ended) {
    const postmaster = await readPostmaster(dataDirectory);
    if (postmaster?.pid === child.pid && postmaster?.state === 'ready') return postmaster;
    if (!told && performance.now() - begun > 2000) {
      told = true;
      say?.('The database was not stopped properly and is being checked …');
    }
    await sleep(5);
  }
  return null;
}

function binaries(user: UnprivilegedUser | undefined): string {
  const home = findPostgres();
  const reachable = user ? reachableBinaries(home, user) : home;
  if (process.platform !== 'win32') {
    for (const name of ['initdb', 'postgres']) ensureExecutable(join(reachable, 'bin', name));
  }
  return reachable;
}

function ensureExecutable(path: string): void {
  try {
    chmodSync(path, 0o755);
  } catch {
    // A read-only installation is executable already, or says so itself.
  }
}

/** Nothing of ours: `PGDATA` or `LC_ALL` of the person who starts Koneksi must not reach its database. */
function childEnv(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP } = process.env;
  return { PATH, SystemRoot, TEMP, LC_ALL: 'C' };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
