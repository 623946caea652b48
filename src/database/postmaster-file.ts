import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What a running PostgreSQL says of itself in `postmaster.pid`. */
export interface Postmaster {
  pid: number;
  port: number;
  state: 'starting' | 'ready' | 'stopping' | 'standby' | undefined;
}

export function postmasterFile(dataDirectory: string): string {
  return join(dataDirectory, 'postmaster.pid');
}

export async function readPostmaster(dataDirectory: string): Promise<Postmaster | null> {
  const lines = (await readFile(postmasterFile(dataDirectory), 'utf8').catch(() => '')).split('\n');
  const pid = Math.abs(Number(lines[0]));
  if (!pid) return null;
  return { pid, port: Number(lines[3]), state: lines[7]?.trim() as Postmaster['state'] };
}

/** False when the number in a file left by a crash now belongs to some other program. */
export async function isPostgresOf(pid: number, dataDirectory: string): Promise<boolean> {
  if (process.platform === 'win32') return true;
  const commandLine =
    process.platform === 'linux'
      ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      : await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).then(
          ({ stdout }) => stdout,
          () => '',
        );
  return commandLine.includes('postgres') && commandLine.includes(dataDirectory);
}
