import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CreatedApiKey } from '@koneksi/contracts/auth';
import type { Outlet } from '@koneksi/contracts/outlets';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ts from 'typescript';
import { launchBrowser } from './support/browser.js';
import { ClientPackage } from './support/client-package.js';
import { eventually } from './support/eventually.js';
import { expectOk, Koneksi } from './support/koneksi.js';
import { Program } from './support/program.js';

const ROOT = join(import.meta.dirname, '..');

let koneksi: Koneksi;
let outlet: Outlet;
let key: string;
let client: ClientPackage;
let page: Page;

beforeAll(async () => {
  client = await ClientPackage.pack();
  page = await Page.open();
  koneksi = await Koneksi.start({ env: { PUBLIC_ORIGIN: page.origin } });
  outlet = await koneksi.outlet({ name: 'Toko Satu' });
  key = expectOk(
    await koneksi.call<CreatedApiKey>('POST', '/api-keys', { body: { name: 'a service', scopes: ['status:read'] } }),
  ).key;
}, 120_000);

afterAll(async () => {
  await koneksi.stop();
  await page.close();
  await client.remove();
});

/** The first piece of TypeScript in a text. */
async function lines(path: string): Promise<string> {
  const [, code] = /```ts\n(.*?)```/s.exec(await readFile(join(ROOT, path), 'utf8')) ?? [];
  return code!;
}

function faultsOf(...files: string[]): string[] {
  const program = ts.createProgram(files, {
    strict: true,
    noEmit: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    types: [],
  });
  const told = ts.getPreEmitDiagnostics(program);
  return told.map(({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

test('what is packed is what it needs, and nothing of ours', async () => {
  const project = await client.install();
  const home = join(project, 'node_modules/@koneksi/client');
  expect((await readdir(home, { recursive: true })).sort()).toEqual([
    'LICENSE',
    'README.md',
    'dist',
    'dist/change-queue.js',
    'dist/koneksi.d.ts',
    'dist/koneksi.js',
    'dist/rest-request.d.ts',
    'dist/rest-request.js',
    'dist/rest.d.ts',
    'dist/rest.js',
    'dist/status-replica.d.ts',
    'dist/status-replica.js',
    'dist/wire.d.ts',
    'package.json',
  ]);
  const manifest = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as Record<string, object>;
  expect(Object.keys(manifest['dependencies']!)).toEqual(['socket.io-client']);
  expect(manifest['private']).toBeUndefined();
  expect(await readFile(join(home, 'LICENSE'), 'utf8')).toBe(await readFile(join(ROOT, 'LICENSE'), 'utf8'));
  const named = (await readdir(join(home, 'dist'))).map(async (file) => {
    const text = await readFile(join(home, 'dist', file), 'utf8');
    return [...text.matchAll(/from ["']([^."'][^"']*)["']/g)].map(([, name]) => name);
  });
  expect((await Promise.all(named)).flat()).toEqual(['socket.io-client']);
});

test('its five lines type-check and run from an empty folder', async () => {
  const project = await client.install();
  const code = await lines('packages/client/README.md');
  expect(
    code
      .trim()
      .split('\n')
      .filter((line) => line !== '').length,
  ).toBeLessThanOrEqual(6);
  expect(await lines('docs/integrate.md')).toBe(code);
  const program = join(project, 'watch.ts');
  await writeFile(program, code);
  // What `@types/node` would say.
  await writeFile(join(project, 'node.d.ts'), 'declare const process: { env: Record<string, string | undefined> };');
  expect(faultsOf(program, join(project, 'node.d.ts'))).toEqual([]);
  await writeFile(program.replace('.ts', '.mjs'), code.replace('http://localhost:3000', koneksi.app.url));
  const watching = Program.run(process.execPath, [program.replace('.ts', '.mjs')], { KONEKSI_KEY: key });
  try {
    let renamed = 0;
    // It prints nothing before the first change that it is there for.
    await eventually('a change is told', async () => {
      expectOk(await koneksi.call('PATCH', `/outlets/${outlet.id}`, { body: { name: `Toko ${++renamed}` } }));
      return /^Toko \d+ DISCONNECTED → DISCONNECTED$/m.test(watching.output);
    });
  } finally {
    watching.child.kill();
    await watching.exit;
  }
});

test('it runs in a browser as it is, on a page of somebody else', async () => {
  const dist = join(await client.install(), 'node_modules/@koneksi/client/dist');
  for (const file of await readdir(dist)) page.files.set(`/${file}`, await readFile(join(dist, file), 'utf8'));
  // As a bundler would bring it.
  const bundled = join(ROOT, 'node_modules/socket.io-client/dist/socket.io.esm.min.js');
  page.files.set('/socket.io.js', await readFile(bundled, 'utf8'));
  const imports = { '@koneksi/client': '/koneksi.js', 'socket.io-client': '/socket.io.js' };
  page.files.set(
    '/',
    `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script><body><script type="module">
    import { Koneksi } from '@koneksi/client';
    const koneksi = new Koneksi({ url: '${koneksi.app.url}', token: '${key}', onSnapshot: () => {
      document.body.textContent = [...koneksi.statuses.values()].map(({ outlet }) => outlet.name).join();
    } });</script>`,
  );
  const browser = await launchBrowser();
  try {
    const visitor = await browser.newPage();
    visitor.setDefaultTimeout(60_000);
    await visitor.goto(page.origin);
    await visitor.getByText(/^Toko /).waitFor();
  } finally {
    await browser.close();
  }
});

test('its types are those of the contracts, to the letter', async () => {
  const project = await client.install();
  const its = join(project, 'node_modules/@koneksi/client/dist/wire.js');
  const pairs = {
    OutletStatus: 'outlet-status-schema',
    StatusChange: 'realtime',
    StatusRemoval: 'realtime',
    StatusSnapshot: 'realtime',
    StatusSeen: 'realtime',
  };
  const text = Object.entries(pairs).map(([name, file]) => {
    const ours = JSON.stringify(join(ROOT, 'contracts/src', `${file}.ts`));
    return [
      `import type { ${name} as Its${name} } from ${JSON.stringify(its)};`,
      `import type { ${name} as Our${name} } from ${ours};`,
      `export const a${name} = (value: Its${name}): Our${name} => value;`,
      `export const b${name} = (value: Our${name}): Its${name} => value;`,
    ].join('\n');
  });
  await mkdir(join(ROOT, '.cache'), { recursive: true });
  const both = join(await mkdtemp(join(ROOT, '.cache', 'types-')), 'both.ts');
  try {
    await writeFile(both, text.join('\n'));
    expect(faultsOf(both)).toEqual([]);
  } finally {
    await rm(join(both, '..'), { recursive: true, force: true });
  }
});

test('the API report in the repository is what is published', async () => {
  const comparing = Program.run(process.execPath, ['scripts/client-package.mjs'], {});
  expect([await comparing.exit, comparing.output]).toEqual([0, '']);
});

/** Somebody's page, with the files that it brings. */
class Page {
  readonly files = new Map<string, string>();

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      const text = this.files.get(request.url ?? '');
      response.setHeader('content-type', request.url?.endsWith('.js') ? 'text/javascript' : 'text/html');
      response.writeHead(text === undefined ? 404 : 200).end(text);
    });
  }

  static async open(): Promise<Page> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Page(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
