import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Curve, proto, type SignalDataTypeMap } from '@whiskeysockets/baileys';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import {
  CredentialStore,
  FencedWrite,
  type CredentialWrite,
  type OpenCredential,
} from '../credentials/credential-store.js';
import { KeyEncryptionKey } from '../../common/envelope.js';
import type { Ownership } from '../fence.js';
import { claimAway } from '../../../test/support/claims.js';
import { SessionAuth, withoutWaiting } from './session-auth.js';

/** Keeps each statement's content, and lets a test hold or fail one. */
class WatchedStore extends CredentialStore {
  readonly writes: CredentialWrite[] = [];
  reads = 0;
  before: ((write: CredentialWrite) => Promise<void>) | null = null;

  override async write(owner: Ownership, credential: OpenCredential, write: CredentialWrite): Promise<void> {
    this.writes.push(write);
    await this.before?.(write);
    await super.write(owner, credential, write);
  }

  override readKeys(...asked: Parameters<CredentialStore['readKeys']>): Promise<Map<string, Buffer>> {
    this.reads++;
    return super.readKeys(...asked);
  }
}

let database: TestDatabase;
let store: WatchedStore;
let owner: Ownership;
let auth: SessionAuth;

const encryptionKey = new KeyEncryptionKey(randomBytes(32));

beforeAll(async () => {
  database = await createTestDatabase();
});

beforeEach(async () => {
  store = new WatchedStore(database.dataSource, encryptionKey);
  const outletId = randomUUID();
  await database.dataSource.query(`INSERT INTO outlets (id, name, whatsapp_number) VALUES ($1, 'Outlet', $2)`, [
    outletId,
    `62${randomBytes(5).readUIntBE(0, 5)}`,
  ]);
  owner = await claimAway(database.dataSource, outletId);
  auth = await SessionAuth.create(store, owner);
});

afterAll(() => database.drop());

const again = async (): Promise<SessionAuth> => (await SessionAuth.load(store, owner))!;

/** A gate that statements wait at. */
function hold(): { open(): void; reached: Promise<void> } {
  let open = (): void => undefined;
  let arrive = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  store.before = () => {
    store.before = null;
    arrive();
    return opened;
  };
  return { open, reached };
}

const SAMPLES: { [Kind in keyof SignalDataTypeMap]: SignalDataTypeMap[Kind] } = {
  'pre-key': Curve.generateKeyPair(),
  session: randomBytes(3_000),
  'sender-key': randomBytes(200),
  'sender-key-memory': { '628123@s.whatsapp.net': true, '628124@s.whatsapp.net': false },
  'app-state-sync-key': proto.Message.AppStateSyncKeyData.fromObject({
    keyData: randomBytes(32),
    fingerprint: { rawId: 7, currentIndex: 1, deviceIndexes: [0, 1] },
    timestamp: 1_763_000_000_000,
  }),
  'app-state-sync-version': { version: 3, hash: randomBytes(128), indexValueMap: { a: { valueMac: randomBytes(32) } } },
  'lid-mapping': '1234567890',
  'device-list': ['0', '5', '61'],
  tctoken: { token: randomBytes(20), timestamp: '1763000000' },
  'identity-key': randomBytes(33),
};

describe('every kind of key comes back exactly', () => {
  test.each(Object.keys(SAMPLES) as (keyof SignalDataTypeMap)[])('%s', async (kind) => {
    await auth.keys.set({ [kind]: { first: SAMPLES[kind], second: SAMPLES[kind] } });
    const read = await (await again()).keys.get(kind, ['first', 'second', 'missing']);
    expect(Object.keys(read).toSorted()).toEqual(['first', 'second']);
    expect(read['first']).toEqual(SAMPLES[kind]);
    expect(Object.getPrototypeOf(read['first'])).toBe(Object.getPrototypeOf(SAMPLES[kind]));
    await auth.keys.set({ [kind]: { first: null } });
    expect(Object.keys(await (await again()).keys.get(kind, ['first', 'second']))).toEqual(['second']);
  });

  test('creds', async () => {
    auth.creds.me = { id: '628123:5@s.whatsapp.net', name: 'Jakarta', lid: '99:5@lid' };
    auth.creds.routingInfo = Buffer.from([1, 2, 3]);
    await auth.saveCreds();
    const read = (await again()).creds;
    expect(read).toEqual(auth.creds);
    expect(Buffer.from(read.noiseKey.private).equals(Buffer.from(auth.creds.noiseKey.private))).toBe(true);
  });

  test('a value changed after it was handed over is stored as it was', async () => {
    const gate = hold();
    const first = auth.keys.set({ session: { a: Buffer.from('blocks the writer') } });
    await gate.reached;
    const value = Buffer.from('as handed over');
    const second = auth.keys.set({ session: { b: value } });
    value.fill(0);
    gate.open();
    await Promise.all([first, second]);
    expect(Buffer.from((await auth.keys.get('session', ['b']))['b']!).toString()).toBe('as handed over');
  });
});

describe('writes leave in order, one at a time', () => {
  test('what is asked for while one is under way leaves together in the next, the last word winning', async () => {
    const gate = hold();
    const first = auth.keys.set({ session: { a: Buffer.from('1') } });
    await gate.reached;
    auth.creds.nextPreKeyId = 41;
    const saved = auth.saveCreds();
    auth.creds.nextPreKeyId = 42;
    const rest = [
      auth.saveCreds(),
      auth.keys.set({ session: { a: Buffer.from('2'), b: Buffer.from('2') } }),
      auth.keys.set({ session: { a: Buffer.from('3'), b: null } }),
    ];
    expect(store.writes).toHaveLength(1);
    gate.open();
    await Promise.all([first, saved, ...rest]);
    expect(store.writes).toHaveLength(2);
    const read = await again();
    expect(read.creds.nextPreKeyId).toBe(42);
    const keys = await read.keys.get('session', ['a', 'b']);
    expect(Object.fromEntries(Object.entries(keys).map(([id, value]) => [id, Buffer.from(value).toString()]))).toEqual({
      a: '3',
    });
  });

  test('a key is durable no earlier than the credentials asked for before it', async () => {
    auth.creds.nextPreKeyId = 813;
    const creds = auth.saveCreds();
    await auth.keys.set({ 'pre-key': { 812: Curve.generateKeyPair() } });
    expect((await again()).creds.nextPreKeyId).toBe(813);
    await creds;
  });

  test('five hundred writers at once end with the last value of each', async () => {
    await Promise.all(
      Array.from({ length: 500 }, async (_, n) => {
        await auth.keys.set({ session: { [`k${n % 10}`]: Buffer.from(String(n)) } });
      }),
    );
    const keys = await auth.keys.get(
      'session',
      Array.from({ length: 10 }, (_, n) => `k${n}`),
    );
    for (let n = 0; n < 10; n++) expect(Buffer.from(keys[`k${n}`]!).toString()).toBe(String(490 + n));
  });
});

describe('a write that fails', () => {
  const failOnce = (error: Error): void => {
    store.before = () => {
      store.before = null;
      return Promise.reject(error);
    };
  };

  test('is told to whoever asked, and credentials are brought home by the next', async () => {
    failOnce(new Error('away'));
    auth.creds.nextPreKeyId = 77;
    await expect(auth.saveCreds()).rejects.toThrow('away');
    await auth.flushed();
    expect((await again()).creds.nextPreKeyId).toBe(77);
  });

  test('does not bring older credentials over newer ones', async () => {
    failOnce(new Error('away'));
    auth.creds.nextPreKeyId = 1;
    const failed = auth.saveCreds();
    await Promise.resolve();
    await Promise.resolve();
    auth.creds.nextPreKeyId = 2;
    const later = auth.saveCreds();
    await Promise.allSettled([failed, later]);
    await auth.flushed();
    expect((await again()).creds.nextPreKeyId).toBe(2);
  });

  test('under a lost claim is fenced, and stores nothing', async () => {
    await claimAway(database.dataSource, owner.outletId);
    await expect(auth.keys.set({ session: { a: Buffer.from('late') } })).rejects.toThrow(FencedWrite);
    expect(await auth.keys.get('session', ['a'])).toEqual({});
  });
});

describe('keys used last', () => {
  const sessionOf = async (id: string): Promise<string | null> => {
    const { [id]: value } = await auth.keys.get('session', [id]);
    return value ? Buffer.from(value).toString() : null;
  };

  test('are not asked for again once they are stored or read, nor is what is known to be missing', async () => {
    await auth.keys.set({ session: { a: Buffer.from('1') } });
    expect([await sessionOf('a'), await sessionOf('a'), store.reads]).toEqual(['1', '1', 0]);
    expect([await sessionOf('missing'), await sessionOf('missing'), store.reads]).toEqual([null, null, 1]);
    auth = await again();
    expect([await sessionOf('a'), await sessionOf('a'), store.reads]).toEqual(['1', '1', 2]);
    await auth.keys.set({ session: { a: null } });
    expect([await sessionOf('a'), store.reads]).toEqual([null, 2]);
  });

  test('are read anew after a write that failed', async () => {
    await auth.keys.set({ session: { a: Buffer.from('stored') } });
    store.before = () => {
      store.before = null;
      return Promise.reject(new Error('away'));
    };
    await expect(auth.keys.set({ session: { a: Buffer.from('lost') } })).rejects.toThrow('away');
    expect([await sessionOf('a'), store.reads]).toEqual(['stored', 1]);
  });

  test('a read that a write overtakes is not remembered', async () => {
    await auth.keys.set({ session: { a: Buffer.from('old') } });
    auth = await again();
    const reading = sessionOf('a');
    await Promise.all([reading, auth.keys.set({ session: { a: Buffer.from('new') } })]);
    expect(await sessionOf('a')).toBe('new');
  });

  test('one that nobody waits for is seen at once, and is durable no later than what is written next', async () => {
    await withoutWaiting(async () => auth.keys.set({ session: { begun: Buffer.from('begun') } }));
    expect([await sessionOf('begun'), store.writes.length]).toEqual(['begun', 0]);
    await auth.keys.set({ session: { used: Buffer.from('used') } });
    expect(store.writes).toHaveLength(1);
    auth = await again();
    expect([await sessionOf('begun'), await sessionOf('used')]).toEqual(['begun', 'used']);
  });

  test('one that nobody waits for is stored by itself too', async () => {
    await withoutWaiting(async () => auth.keys.set({ session: { begun: Buffer.from('begun') } }));
    await auth.flushed();
    auth = await again();
    expect(await sessionOf('begun')).toBe('begun');
  });
});

describe('keys stocked for the first login', () => {
  test('come with the counter that names them', async () => {
    await auth.stockPreKeys(() => true);
    const read = await again();
    const ids = Array.from({ length: read.creds.nextPreKeyId - 1 }, (_, index) => String(index + 1));
    expect(ids).toHaveLength(812);
    expect(Object.keys(await read.keys.get('pre-key', ids))).toHaveLength(812);
  });

  test('are not stored at all where they are no longer wanted', async () => {
    let asked = 0;
    await auth.stockPreKeys(() => ++asked < 100);
    await auth.flushed();
    expect(auth.creds.nextPreKeyId).toBe(1);
    expect(await auth.keys.get('pre-key', ['1'])).toEqual({});
  });
});
