import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { later } from './clean-up.ts';

export const root = join(import.meta.dirname, '../..');
export const cache = join(root, '.cache/bench');

/** A directory of this run alone, removed at its end. */
export async function temporaryDirectory(): Promise<string> {
  await mkdir(cache, { recursive: true });
  const path = await mkdtemp(join(cache, 'run-'));
  // PostgreSQL refuses to run as root, and the user it runs as then has to get in.
  await chmod(path, 0o755);
  later(() => rm(path, { recursive: true, force: true }));
  return path;
}
