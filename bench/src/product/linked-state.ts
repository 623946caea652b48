import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Child } from '../children/child.ts';
import type { BareMethods } from '../children/bare-baileys.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { later } from '../clean-up.ts';
import { now } from '../clock.ts';
import { cache, root } from '../paths.ts';
import { Api } from './api.ts';
import { link } from './link.ts';
import { ProductServer } from './server.ts';
import { keepOutlets } from './trim.ts';

const AT_ONCE = 6;
const SIMULATOR_FILE = 'simulator.jsonl';

/** What a bench run gets: its own copy, to use up. */
export interface LinkedState {
  dataDir: string;
  simulatorFile: string;
  /** One folder per bare session; empty where none were asked for. */
  bareDir: string;
}

export const childFile = (name: string): string => join(import.meta.dirname, '../children', `${name}.ts`);

/** Outlets that were linked once, kept for later runs: linking a thousand takes minutes, logging in seconds. */
export async function linkedState(directory: string, need: { outlets: number; bare: number }): Promise<LinkedState> {
  const prepared = await prepare(need);
  await copy(prepared, directory);
  return {
    dataDir: join(directory, 'data'),
    simulatorFile: join(directory, SIMULATOR_FILE),
    bareDir: join(directory, 'bare'),
  };
}

/** A copy of a copy's database with fewer outlets. */
export async function withOutlets(dataDir: string, outlets: number, into: string): Promise<string> {
  await copy(dataDir, into);
  await keepOutlets(into, outlets);
  return into;
}

async function prepare({ outlets, bare }: { outlets: number; bare: number }): Promise<string> {
  const path = join(cache, `linked-${outlets}-${bare}-${await schemaHash()}`);
  if (await exists(path)) return path;
  const half = `${path}.new-${process.pid}`;
  later(() => rm(half, { recursive: true, force: true }));
  await mkdir(join(half, 'bare'), { recursive: true });
  const begun = now();
  process.stderr.write(`Linking ${outlets} outlets and ${bare} bare sessions (once; kept in .cache/bench) …`);
  const simulator = new Child<SimulatorMethods>({ file: childFile('simulator') });
  const service = await simulator.call.start(join(half, SIMULATOR_FILE));
  const server = new ProductServer({
    dataDir: join(half, 'data'),
    simulator: service,
    env: { WA_CONNECTS_PER_SECOND: '1000', WA_CONNECT_BURST: '10000' },
  });
  await Promise.all([linkOutlets(server, simulator, outlets), linkBare(simulator, service, join(half, 'bare'), bare)]);
  await server.stop();
  await simulator.call.stop();
  await simulator.end();
  await rename(half, path);
  process.stderr.write(` ${((now() - begun) / 1000).toFixed(0)} s\n`);
  return path;
}

async function linkOutlets(server: ProductServer, simulator: Child<SimulatorMethods>, count: number): Promise<void> {
  await server.start();
  const next = counter(count);
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, count) }, async () => {
      // Access tokens end after a quarter of an hour, and each socket may ask for a few things a second only.
      const api = await Api.login(server.url);
      const subscriber = api.subscribe();
      await new Promise((resolve) => subscriber.once('outlet-status:snapshot', resolve));
      for (let index = next(); index !== null; index = next()) {
        const outlet = await api.createOutlet(`62811${String(1_000_000 + index)}`);
        await link(api, subscriber, simulator.call, outlet);
      }
      subscriber.close();
    }),
  );
}

async function linkBare(
  simulator: Child<SimulatorMethods>,
  service: { url: string; rootKey: string },
  directory: string,
  count: number,
): Promise<void> {
  if (count === 0) return;
  const bare = new Child<BareMethods>({ file: childFile('bare-baileys') });
  await bare.call.start(service, directory, 'files');
  const next = counter(count);
  await Promise.all(
    Array.from({ length: Math.min(AT_ONCE, count) }, async () => {
      for (let index = next(); index !== null; index = next()) {
        const number = `62822${String(1_000_000 + index)}`;
        await simulator.call.scan(number, await bare.call.firstQr(number));
        await bare.call.untilLinked(number);
      }
    }),
  );
  await bare.call.stop();
  await bare.end();
}

function counter(count: number): () => number | null {
  let last = 0;
  return () => (last < count ? last++ : null);
}

/** A state from before a change of schema or of Baileys is of no use. */
async function schemaHash(): Promise<string> {
  const hash = createHash('sha256');
  const migrations = join(root, 'dist/src/database/migrations');
  for (const name of (await readdir(migrations)).sort()) {
    if (name.endsWith('.js')) hash.update(await readFile(join(migrations, name)));
  }
  hash.update(await readFile(join(root, 'node_modules/@whiskeysockets/baileys/package.json')));
  return hash.digest('hex').slice(0, 8);
}

/** PostgreSQL's files may belong to a user of their own, which Node.js's own copying would forget. */
async function copy(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  if (process.platform === 'win32') await cp(from, to, { recursive: true });
  else await promisify(execFile)('cp', ['-a', `${from}/.`, `${to}/`]);
}

async function exists(path: string): Promise<boolean> {
  return readdir(path).then(
    () => true,
    () => false,
  );
}
