import { expect, test } from '@jest/globals';
import { aesDecrypt, decodePatches, encodeSyncdPatch, newLTHashState, proto } from '@whiskeysockets/baileys';
import { hkdfSync } from 'node:crypto';
import { Account } from '../src/accounts/account.js';
import { SALT_COLLECTION, saltPatch } from '../src/session/app-state-patch.js';
import { silent } from './companion.js';

const { SET } = proto.SyncdMutation.SyncdOperation;

/** As the library reads them, with every MAC looked at; what it does not believe it only warns of. */
async function read(patches: readonly Uint8Array[], keyData: Uint8Array) {
  const warnings: unknown[] = [];
  const logger = { ...silent, warn: (...told: unknown[]) => void warnings.push(told) };
  const syncds = patches.map((bytes) => proto.SyncdPatch.decode(bytes));
  const key = () => Promise.resolve(proto.Message.AppStateSyncKeyData.create({ keyData }));
  const { state, mutationMap } = await decodePatches(
    SALT_COLLECTION,
    syncds,
    newLTHashState(),
    key,
    {},
    undefined,
    logger,
    true,
  );
  return { state, indices: Object.keys(mutationMap), warnings };
}

test("patches of the phone follow each other and a companion's, and hold the salt", async () => {
  const account = new Account('628111111111', '100000000000001', {} as never, () => 0);
  const { id, data } = account.keys.appStateKey;
  const written: { version: number; patches: Buffer[] } = { version: 0, patches: [] };
  const write = (patch: Buffer) => (written.version = written.patches.push(patch));

  write(saltPatch(account, written, 1));
  const first = await read(written.patches, data);
  expect(first).toMatchObject({ indices: ['["nct_salt_sync"]'], warnings: [] });
  const { patch } = await encodeSyncdPatch(
    { type: SALT_COLLECTION, index: ['mute', '1@lid'], syncAction: { timestamp: 2 }, apiVersion: 2, operation: SET },
    id.toString('base64'),
    first.state,
    () => Promise.resolve(proto.Message.AppStateSyncKeyData.create({ keyData: data })),
  );
  write(Buffer.from(proto.SyncdPatch.encode({ ...patch, version: { version: 2 } }).finish()));
  account.nctSalt = Buffer.alloc(32, 7);
  write(saltPatch(account, written, 3));
  expect(await read(written.patches, data)).toMatchObject({ state: { version: 3 }, warnings: [] });

  const keys = Buffer.from(hkdfSync('sha256', data, '', 'WhatsApp Mutation Keys', 160));
  const value = proto.SyncdPatch.decode(written.patches[2] ?? Buffer.alloc(0)).mutations[0]?.record?.value?.blob;
  const plain = aesDecrypt(Buffer.from(value ?? []).subarray(0, -32), keys.subarray(32, 64));
  expect(plain.includes(account.nctSalt)).toBe(true);
});
