import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Env, parseEnv } from '../config/env.js';
import { attach } from './attach.js';

test('where there is no database, a command says so, and where the demo keeps its own', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'koneksi-attach-'));
  const reach = (): Promise<unknown> => attach(parseEnv({ DATA_DIR: dataDir }) as Env, () => undefined);
  await expect(reach()).rejects.toThrow(new RegExp(`^There is no database in DATA_DIR ${dataDir}\\.$`));
  await mkdir(join(dataDir, 'demo', 'postgres'), { recursive: true });
  await writeFile(join(dataDir, 'demo', 'postgres', 'PG_VERSION'), '18\n');
  await expect(reach()).rejects.toThrow(`The demo's is in ${join(dataDir, 'demo')}.`);
  await rm(dataDir, { recursive: true });
});
