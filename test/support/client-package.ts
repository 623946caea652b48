import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { withFileLock } from '../../src/database/file-lock.js';
import { runDirectory } from './test-run.js';

const ROOT = join(import.meta.dirname, '../..');

/** @koneksi/client as it would be published, and projects of people who have nothing of ours but that. */
export class ClientPackage {
  private constructor(
    private readonly folder: string,
    private readonly tarball: string,
  ) {}

  /** Built by its own `prepack`. */
  static async pack(): Promise<ClientPackage> {
    const folder = await mkdtemp(join(tmpdir(), 'koneksi-client-'));
    // Its build begins by emptying its folder: not while a test beside this one packs what is in it.
    await withFileLock(join(runDirectory(), 'pack.lock'), () =>
      npm(join(ROOT, 'packages/client'), 'pack', '--pack-destination', folder),
    );
    const [name] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
    return new ClientPackage(folder, join(folder, name!));
  }

  /** An empty folder with the package from its tarball: no registry, and its one dependency linked. */
  async install(): Promise<string> {
    const project = await mkdtemp(join(this.folder, 'project-'));
    const overrides = { 'socket.io-client': `file:${join(ROOT, 'node_modules/socket.io-client')}` };
    const manifest = { name: 'somebody', private: true, type: 'module', overrides };
    await writeFile(join(project, 'package.json'), JSON.stringify(manifest));
    const cache = join(this.folder, 'cache');
    await npm(project, 'install', '--offline', '--no-audit', '--no-fund', '--cache', cache, this.tarball);
    return project;
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

async function npm(cwd: string, ...args: string[]): Promise<void> {
  const cli = process.env['npm_execpath'];
  const [command, first] = cli ? [process.execPath, [cli]] : ['npm', []];
  const options = { cwd, shell: !cli && process.platform === 'win32' };
  await promisify(execFile)(command, [...first, ...args, '--loglevel=error', '--no-update-notifier'], options);
}
