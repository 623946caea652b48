import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { StartupFault } from '../config/startup-fault.js';

/** PostgreSQL refuses to run as root, so root's processes of it run as somebody else. */
export interface UnprivilegedUser {
  uid: number;
  gid: number;
}

/** Where root puts what that somebody could not reach, e.g. below /root. */
const SHELTER = '/var/lib/koneksi';

/** `undefined` when we are not root and nothing has to change. An existing data directory keeps its owner. */
export function chooseUnprivilegedUser(dataDirectory: string): UnprivilegedUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (existsSync(dataDirectory)) {
    const { uid, gid } = statSync(dataDirectory);
    if (uid !== 0) return { uid, gid };
  }
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => idOf(flag, name));
    if (uid && gid) return { uid, gid };
  }
  throw new StartupFault(
    'PostgreSQL does not run as root and there is no user postgres or nobody: run as another user or set DATABASE_URL.',
  );
}

/** `home` itself, or a copy the user can execute. */
export function reachableBinaries(home: string, user: UnprivilegedUser): string {
  if (canEnter(home, user)) return home;
  const copy = join(SHELTER, `postgresql-${statSync(join(home, 'bin', 'postgres')).mtimeMs.toFixed(0)}`);
  if (!existsSync(copy)) {
    const half = `${copy}.${randomBytes(4).toString('hex')}`;
    makeShelter();
    cpSync(home, half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, copy);
  }
  return copy;
}

/** Makes an empty directory for the data that the user owns and can enter. Where needed `path` becomes a link to it. */
export function makeDataDirectory(path: string, user: UnprivilegedUser | undefined): void {
  rmSync(path, { recursive: true, force: true });
  if (!user || canEnter(dirname(path), user)) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (user) chownSync(path, user.uid, user.gid);
    return;
  }
  const elsewhere = join(SHELTER, `data-${randomBytes(6).toString('hex')}`);
  makeShelter();
  mkdirSync(elsewhere, { mode: 0o700 });
  chownSync(elsewhere, user.uid, user.gid);
  symlinkSync(elsewhere, path);
}

function makeShelter(): void {
  mkdirSync(SHELTER, { recursive: true, mode: 0o755 });
}

function canEnter(path: string, user: UnprivilegedUser): boolean {
  for (let folder = realpathSync(path); ; folder = dirname(folder)) {
    const { uid, gid, mode } = statSync(folder);
    const needed = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if (!(mode & needed)) return false;
    if (folder === dirname(folder)) return true;
  }
}

function idOf(flag: string, name: string): number {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return 0;
  }
}
