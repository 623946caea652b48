import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { StartupFault } from './startup-fault.js';

const Base64Key = z.base64().refine((text) => Buffer.from(text, 'base64').length === 32);

const SecretsFile = z.object({
  jwtSecret: z.string().min(32),
  credentialsKey: Base64Key,
  databasePassword: z.string().min(32),
});
export type GeneratedSecrets = z.infer<typeof SecretsFile>;

export function secretsPath(dataDir: string): string {
  return join(dataDir, 'secrets.json');
}

/** The secrets made once for the embedded database, readable by nobody but their owner; `null` when there are none. */
export async function readGeneratedSecrets(dataDir: string): Promise<GeneratedSecrets | null> {
  const path = secretsPath(dataDir);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new StartupFault(`${path} cannot be read: ${error.message}.`, error);
  });
  if (text === null) return null;
  const secrets = SecretsFile.safeParse(parseJson(text));
  if (!secrets.success) {
    throw new StartupFault(
      `${path} is damaged: restore it from a backup, since the data beside it needs these secrets.`,
    );
  }
  await chmod(path, 0o600);
  return secrets.data;
}

export async function generateSecrets(dataDir: string): Promise<GeneratedSecrets> {
  const secrets: GeneratedSecrets = {
    jwtSecret: randomBytes(48).toString('base64url'),
    credentialsKey: randomBytes(32).toString('base64'),
    databasePassword: randomBytes(24).toString('hex'),
  };
  await write(dataDir, secrets);
  return secrets;
}

/** Everything is wrapped by another key now. */
export async function replaceCredentialsKey(dataDir: string, key: Buffer): Promise<void> {
  const secrets = await readGeneratedSecrets(dataDir);
  if (secrets) await write(dataDir, { ...secrets, credentialsKey: key.toString('base64') });
}

async function write(dataDir: string, secrets: GeneratedSecrets): Promise<void> {
  const path = secretsPath(dataDir);
  try {
    await mkdir(dataDir, { recursive: true });
    await writeFile(`${path}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  } catch (error) {
    throw new StartupFault(`DATA_DIR ${dataDir} cannot be written: ${(error as Error).message}.`, error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
