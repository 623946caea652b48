import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import type { Ownership } from '../fence.js';
import { claimAway } from '../../../test/support/claims.js';
import { CredentialStore, FencedWrite } from './credential-store.js';
import { KeyEncryptionKey } from '../../common/envelope.js';
import { UnreadableSecret } from '../../common/sealing.js';

let database: TestDatabase;
let store: CredentialStore;
let owner: Ownership;

const key = new KeyEncryptionKey(randomBytes(32));

beforeAll(async () => {
  database = await createTestDatabase();
  store = new CredentialStore(database.dataSource, key);
});

beforeEach(async () => {
  owner = await claimNewOutlet();
});

afterAll(() => database.drop());

async function claimNewOutlet(): Promise<Ownership> {
  const outletId = randomUUID();
  await database.dataSource.query(`INSERT INTO outlets (id, name, whatsapp_number) VALUES ($1, 'Outlet', $2)`, [
    outletId,
    `62${randomBytes(5).readUIntBE(0, 5)}`,
  ]);
  return claim(outletId);
}

const claim = (outletId: string): Promise<Ownership> => claimAway(database.dataSource, outletId);

const bytes = (text: string): Buffer => Buffer.from(text);

/** Every stored byte of this outlet, to compare and to search. */
async function dump(outletId: string): Promise<string> {
  const rows = await database.dataSource.query<{ line: string }[]>(
    `SELECT c::text AS line FROM wa_credential c WHERE outlet_id = $1
     UNION ALL SELECT k::text FROM wa_signal_key k JOIN wa_credential c ON c.id = k.credential_id WHERE c.outlet_id = $1 ORDER BY 1`,
    [outletId],
  );
  return rows.map(({ line }) => line).join('\n');
}

describe('what is written is read again', () => {
  test('credentials, keys and deletions of one write', async () => {
    expect(await store.find(owner.outletId)).toBeNull();
    const made = await store.create(owner, bytes('first'));
    await store.write(owner, made, {
      keys: [
        { kind: 'session', id: 'a', value: bytes('old') },
        { kind: 'session', id: 'b', value: bytes('gone soon') },
        { kind: 'pre-key', id: 'a', value: bytes('of another kind') },
      ],
    });
    await store.write(owner, made, {
      creds: { bytes: bytes('second'), linkedNumber: '628123' },
      keys: [
        { kind: 'session', id: 'a', value: bytes('new') },
        { kind: 'session', id: 'b', value: null },
      ],
    });
    const found = await store.find(owner.outletId);
    expect(found).toMatchObject({ id: made.id, linkedNumber: '628123', creds: bytes('second') });
    expect(await store.readKeys(found!, 'session', ['a', 'b', 'c'])).toEqual(new Map([['a', bytes('new')]]));
    expect(await store.readKeys(found!, 'pre-key', ['a'])).toEqual(new Map([['a', bytes('of another kind')]]));
    const link = (await store.links([owner.outletId])).get(owner.outletId);
    expect(link).toEqual({ id: made.id, number: '628123', linkedAt: expect.any(Number) });
  });

  test('a thousand keys at once, empty values and odd names included', async () => {
    const made = await store.create(owner, bytes('creds'));
    const keys = Array.from({ length: 1_000 }, (_, id) => ({
      kind: 'pre-key',
      id: `${id}::${'"{},\\'.charAt(id % 5)}é`,
      value: randomBytes(id % 70),
    }));
    await store.write(owner, made, { keys });
    const read = await store.readKeys(
      made,
      'pre-key',
      keys.map(({ id }) => id),
    );
    expect(read).toEqual(new Map(keys.map(({ id, value }) => [id, value])));
  });
});

describe('whoever lost an outlet writes nothing', () => {
  test('not one row of a write under a stale epoch', async () => {
    const made = await store.create(owner, bytes('creds'));
    await store.write(owner, made, { keys: [{ kind: 'session', id: 'a', value: bytes('kept') }] });
    const successor = await claim(owner.outletId);
    expect(BigInt(successor.epoch)).toBe(BigInt(owner.epoch) + 1n);
    const before = await dump(owner.outletId);
    const late = {
      creds: { bytes: bytes('late'), linkedNumber: '1' },
      keys: [
        { kind: 'session', id: 'a', value: null },
        { kind: 'session', id: 'b', value: bytes('late') },
      ],
    };
    await expect(store.write(owner, made, late)).rejects.toThrow(FencedWrite);
    await expect(store.quarantine(owner)).rejects.toThrow(FencedWrite);
    expect(await dump(owner.outletId)).toBe(before);
    await store.write(successor, made, late);
    expect(await dump(owner.outletId)).not.toBe(before);
  });

  test('nor makes a first row', async () => {
    await claim(owner.outletId);
    await expect(store.create(owner, bytes('creds'))).rejects.toThrow(FencedWrite);
    expect(await dump(owner.outletId)).toBe('');
  });

  test('of a hundred claims at once each gets an epoch of its own', async () => {
    const claims = await Promise.all(Array.from({ length: 100 }, () => claim(owner.outletId)));
    expect(new Set(claims.map(({ epoch }) => epoch)).size).toBe(100);
  });
});

describe('a write is whole or not at all', () => {
  test('credentials are not stored where one of the keys is refused', async () => {
    const made = await store.create(owner, bytes('creds'));
    const before = await dump(owner.outletId);
    const twice = { kind: 'session', id: 'a', value: bytes('x') };
    await expect(
      store.write(owner, made, { creds: { bytes: bytes('new'), linkedNumber: '1' }, keys: [twice, twice] }),
    ).rejects.toThrow();
    expect(await dump(owner.outletId)).toBe(before);
  });

  test('a reader never sees credentials of one write beside keys of another', async () => {
    const made = await store.create(owner, bytes('0'));
    await store.write(owner, made, { keys: [{ kind: 'session', id: 'a', value: bytes('0') }] });
    let writing = true;
    const writer = (async () => {
      for (let n = 1; n <= 200; n++) {
        await store.write(owner, made, {
          creds: { bytes: bytes(String(n)), linkedNumber: null },
          keys: [{ kind: 'session', id: 'a', value: bytes(String(n)) }],
        });
      }
      writing = false;
    })();
    while (writing) {
      const [row] = await database.dataSource.query<{ creds: Buffer; value: Buffer }[]>(
        'SELECT c.creds, k.value FROM wa_credential c JOIN wa_signal_key k ON k.credential_id = c.id WHERE c.id = $1',
        [made.id],
      );
      // Sealed alike, so that equal plain texts have equal lengths: 1, 2 or 3 digits.
      expect(row!.creds).toHaveLength(row!.value.length);
    }
    await writer;
  });
});

describe('what is set aside is kept for a day', () => {
  test('a new link gets a row of its own, and the old one is purged later', async () => {
    const old = await store.create(owner, bytes('old'));
    await store.write(owner, old, { keys: [{ kind: 'session', id: 'a', value: bytes('old') }] });
    await expect(store.create(owner, bytes('second'))).rejects.toThrow(/wa_credential_current/);
    await store.quarantine(owner);
    expect(await store.find(owner.outletId)).toBeNull();
    const fresh = await store.create(owner, bytes('new'));
    await store.purgeQuarantine();
    expect(await store.readKeys(old, 'session', ['a'])).toEqual(new Map([['a', bytes('old')]]));
    await database.dataSource.query(
      `UPDATE wa_credential SET quarantined_at = now() - interval '25 hours' WHERE id = $1`,
      [old.id],
    );
    await store.purgeQuarantine();
    expect(await store.readKeys(old, 'session', ['a'])).toEqual(new Map());
    expect((await store.find(owner.outletId))?.id).toBe(fresh.id);
  });
});

describe('a link that is made beside another', () => {
  const NUMBER = '628120000001';
  const [agreed, key] = [bytes('agreed'), { kind: 'pre-key', id: '1', value: bytes('key') }];

  test('takes its place once a phone has agreed, in one statement, and not before', async () => {
    const old = await store.create(owner, bytes('old'));
    await store.write(owner, old, { creds: { bytes: bytes('old'), linkedNumber: NUMBER }, keys: [] });
    const fresh = await store.create(owner, bytes('new'), true);
    await store.write(owner, fresh, { creds: { bytes: bytes('new'), linkedNumber: null }, keys: [key] });
    expect((await store.find(owner.outletId))?.id).toBe(old.id);
    await store.write(owner, fresh, { creds: { bytes: agreed, linkedNumber: NUMBER }, keys: [] });
    expect(await store.find(owner.outletId)).toMatchObject({ id: fresh.id, creds: agreed, linkedNumber: NUMBER });
    expect(await store.readKeys(fresh, 'pre-key', ['1'])).toEqual(new Map([['1', key.value]]));
    // What the old one still had to write brings it back no more than what comes late of one that was set aside.
    await store.write(owner, old, { creds: { bytes: bytes('late'), linkedNumber: NUMBER }, keys: [] });
    expect((await store.find(owner.outletId))?.id).toBe(fresh.id);
    await store.quarantine(owner);
    await store.write(owner, fresh, { creds: { bytes: agreed, linkedNumber: NUMBER }, keys: [] });
    expect(await store.find(owner.outletId)).toBeNull();
  });
});

describe('what cannot be read is never taken for nothing', () => {
  test('a key stored in another place does not open there', async () => {
    const made = await store.create(owner, bytes('creds'));
    await store.write(owner, made, {
      keys: [
        { kind: 'session', id: 'a', value: bytes('A') },
        { kind: 'session', id: 'b', value: bytes('B') },
      ],
    });
    await database.dataSource.query(
      `UPDATE wa_signal_key k SET value = o.value FROM wa_signal_key o
       WHERE k.credential_id = $1 AND o.credential_id = $1 AND (k.key_id, o.key_id) IN (('a', 'b'), ('b', 'a'))`,
      [made.id],
    );
    await expect(store.readKeys(made, 'session', ['a'])).rejects.toThrow(UnreadableSecret);
  });

  test('credentials swapped between two outlets open for neither', async () => {
    const neighbour = await claimNewOutlet();
    const [one, two] = [await store.create(owner, bytes('one')), await store.create(neighbour, bytes('two'))];
    await database.dataSource.query(
      `UPDATE wa_credential c SET creds = o.creds, wrapped_key = o.wrapped_key FROM wa_credential o
       WHERE (c.id, o.id) IN (($1::uuid, $2::uuid), ($2::uuid, $1::uuid))`,
      [one.id, two.id],
    );
    await expect(store.find(owner.outletId)).rejects.toThrow(UnreadableSecret);
    await expect(store.find(neighbour.outletId)).rejects.toThrow(UnreadableSecret);
  });

  test('another CREDENTIALS_KEY opens nothing', async () => {
    await store.create(owner, bytes('creds'));
    await expect(
      new CredentialStore(database.dataSource, new KeyEncryptionKey(randomBytes(32))).find(owner.outletId),
    ).rejects.toThrow(UnreadableSecret);
  });

  test('a read that fails throws', async () => {
    const broken = new CredentialStore(
      {
        driver: { master: { query: () => Promise.reject(new Error('away')) } },
        options: { extra: { pooled: false } },
      } as never,
      key,
    );
    await expect(broken.find(owner.outletId)).rejects.toThrow('away');
  });

  test('a call that hangs ends after five seconds, not never', async () => {
    const made = await store.create(owner, bytes('creds'));
    const holder = database.dataSource.createQueryRunner();
    await holder.startTransaction();
    try {
      await holder.query('SELECT 1 FROM wa_lease WHERE outlet_id = $1 FOR UPDATE', [owner.outletId]);
      const from = performance.now();
      await expect(
        store.write(owner, made, { creds: { bytes: bytes('late'), linkedNumber: null }, keys: [] }),
      ).rejects.toThrow();
      expect(performance.now() - from).toBeLessThan(15_000);
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
  });
});

test('no byte of a secret is stored in the open, and equal secrets look different', async () => {
  const secret = bytes('a canary of some length, to be searched for');
  const made = await store.create(owner, secret);
  await store.write(owner, made, { keys: ['a', 'b'].map((id) => ({ kind: 'session', id, value: secret })) });
  const stored = await dump(owner.outletId);
  expect(stored).not.toContain(secret.toString('hex'));
  expect(stored).not.toContain(made.dataKey.toString('hex'));
  const values = await database.dataSource.query<{ value: Buffer }[]>(
    'SELECT value FROM wa_signal_key WHERE credential_id = $1',
    [made.id],
  );
  expect(values[0]!.value.equals(values[1]!.value)).toBe(false);
});
