import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Env } from '../config/env.js';
import { replaceCredentialsKey } from '../config/generated-secrets.js';
import { StartupFault } from '../config/startup-fault.js';
import { attach, isFree, type Attached } from '../database/attach.js';
import { KeyEncryptionKey } from '../common/envelope.js';
import { COUNT_KEYS, FIND_DAMAGED, type DamagedKey, type KeyCount } from '../wa-session/credentials/strange-keys.js';

const LOOK_EVERY_MS = 250;
/** "KONEKSR" in ASCII; the R is for rotation. */
const LOCK_KEY = String(0x4b4f4e454b5352n);
const KEEP = 'Keep both keys: CREDENTIALS_KEY and secrets.json were left as they are.';

interface Handover {
  key_id: string;
  sealed_by: string;
  sealed: Buffer;
  finished_at: Date | null;
}

/**
 * Hands the next CREDENTIALS_KEY to the Koneksi that runs, and waits until it has wrapped everything by it. Ended
 * anywhere it can be run again, and goes on with the same key. @throws {StartupFault}
 */
export async function rotateKey(env: Env, say: (text: string) => void): Promise<void> {
  const attached = await attach(env, say);
  const client = new pg.Client({ connectionString: attached.url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await refuseAnother(client);
    if (await isFree(attached.url)) {
      throw new StartupFault(
        'No Koneksi runs on this database. Start it, then rotate; or start it once with the next key as ' +
          'CREDENTIALS_KEY and the present one as CREDENTIALS_KEY_PREVIOUS.',
      );
    }
    const next = await handOver(client, env, attached);
    say('The next key is handed over; waiting until everything is wrapped by it …');
    await untilFinished(client, new KeyEncryptionKey(next));
    for (const damaged of (await client.query<DamagedKey>(FIND_DAMAGED)).rows) say(sentence(damaged));
    if (attached.generated && !env.secrets.credentialsKey) {
      await replaceCredentialsKey(env.dataDir, next);
      say('Done. The next key is in secrets.json; the key before it opens nothing any more but older backups.');
    } else {
      say(
        'Done. Set CREDENTIALS_KEY to the next key before the next start; the key before it opens older backups only.',
      );
    }
  } finally {
    await client.end().catch(() => undefined);
    await attached.detach();
  }
}

/** Two next keys at once would each be written down as the one in use. Held until this connection ends. */
async function refuseAnother(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [LOCK_KEY]);
  if (!rows[0]?.locked) throw new StartupFault('Another rotation of this database is under way; nothing was changed.');
}

/** The next key, which may be the one of a rotation that was cut short. */
async function handOver(client: pg.Client, env: Env, { credentialsKey, generated }: Attached): Promise<Buffer> {
  const present = new KeyEncryptionKey(credentialsKey);
  const under = await read(client);
  const given = env.secrets.nextCredentialsKey;
  if (under?.sealed_by === present.id) {
    const next = present.open(under.key_id, under.sealed);
    if (given && !given.equals(next))
      throw new StartupFault('A rotation to another key is under way; nothing was changed.');
    return next;
  }
  if (under && !under.finished_at) {
    throw new StartupFault('CREDENTIALS_KEY is not the key that is being rotated; nothing was changed.');
  }
  const next = given ?? (generated && !env.secrets.credentialsKey ? randomBytes(32) : null);
  if (!next) throw new StartupFault('Set CREDENTIALS_KEY_NEXT to the key to rotate to (openssl rand -base64 32).');
  if (next.equals(credentialsKey)) throw new StartupFault('CREDENTIALS_KEY_NEXT is the present key.');
  await refuseStrangeKeys(client, present);
  const { keyId, sealed } = present.handOver(next);
  await client.query(
    `INSERT INTO key_handover (id, key_id, sealed_by, sealed) VALUES (1, $1, $2, $3)
     ON CONFLICT (id) DO UPDATE SET key_id = $1, sealed_by = $2, sealed = $3, finished_at = NULL`,
    [keyId, present.id, sealed],
  );
  return next;
}

/** Whoever is told to keep this key alone must be able to open everything by it. */
async function untilFinished(client: pg.Client, next: KeyEncryptionKey): Promise<void> {
  for (;;) {
    const under = await read(client);
    // A start with the next key, after all was done, removes it.
    if (!under) break;
    if (under.key_id !== next.id) throw new StartupFault(`Another next key was handed over meanwhile. ${KEEP}`);
    if (under.finished_at) break;
    await pause(LOOK_EVERY_MS);
  }
  const strange = await countStrange(client, next);
  if (strange > 0) throw new StartupFault(`${strange} data keys are not wrapped by the next key. ${KEEP}`);
}

const WHAT_TO_DO: Record<DamagedKey['kind'], string> = {
  outlet: 'log it out, then link it anew; until then it works no longer than this run of Koneksi',
  blast: 'what it said can be read no more; cancel it if it is not over',
  'repeating blast': 'what it says can be read no more and it makes no blast; stop it and make it anew',
  'saved message': 'what it says can be read no more; write it anew under its name, or remove it',
  file: 'upload it anew where it is needed',
  webhook: 'make it anew; nothing more is delivered to it',
  'key for browsers':
    'delete its row from push_keys and those of push_subscriptions; people then switch notices on anew',
  browser: 'its owner switches notices off and on again there',
  'second factor of user': 'a SUPERADMIN switches it off for them; until then they sign in by a recovery code alone',
};

function sentence({ kind, id, name }: DamagedKey): string {
  const whose = name === '' ? `${kind} ${id}` : `${kind} ${JSON.stringify(name)} (${id})`;
  return `Not rotated: the data key of ${whose} is damaged, no key opens it, and it was left as it is: ${WHAT_TO_DO[kind]}.`;
}

async function refuseStrangeKeys(client: pg.Client, present: KeyEncryptionKey): Promise<void> {
  const strange = await countStrange(client, present);
  if (strange === 0) return;
  throw new StartupFault(
    `CREDENTIALS_KEY is not the key that ${strange} data keys are wrapped by; nothing was changed.`,
  );
}

async function countStrange(client: pg.Client, { id }: KeyEncryptionKey): Promise<number> {
  const { rows } = await client.query<KeyCount>(COUNT_KEYS, [[id]]);
  return rows[0]!.strange;
}

async function read(client: pg.Client): Promise<Handover | undefined> {
  const { rows } = await client.query<Handover>(
    'SELECT key_id, sealed_by, sealed, finished_at FROM key_handover WHERE id = 1',
  );
  return rows[0];
}
