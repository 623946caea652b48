import { createCipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { proto } from '@whiskeysockets/baileys/WAProto/index.js';
import type { Account, AppStateCollection } from '../accounts/account.js';

const { SET } = proto.SyncdMutation.SyncdOperation;
const HASH_BYTES = 128;
const MAC_BYTES = 32;

/** The collection and the index of the salt for `<cstoken>` (tulir/whatsmeow appstate, `nct_salt_sync`). */
export const SALT_COLLECTION = 'regular_high';
const SALT_INDEX = Buffer.from(JSON.stringify(['nct_salt_sync']));

/** What the phone writes to the app state to tell its companions the salt, as the patch after those there are. */
export function saltPatch({ keys, nctSalt }: Account, written: AppStateCollection, now: number): Buffer {
  const { id, data } = keys.appStateKey;
  const { indexKey, valueKey, valueMacKey, snapshotMacKey, patchMacKey } = expand(data);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', valueKey, iv);
  const value = Buffer.concat([iv, cipher.update(saltAction(nctSalt, now)), cipher.final()]);
  const valueMac = macOf(value, id, valueMacKey);
  const indexMac = hmac('sha256', indexKey, SALT_INDEX);
  const mutation = {
    operation: SET,
    record: { index: { blob: indexMac }, value: { blob: Buffer.concat([value, valueMac]) }, keyId: { id } },
  };

  const version = written.version + 1;
  const place = Buffer.concat([bigEndian(version), Buffer.from(SALT_COLLECTION)]);
  const before = written.patches.flatMap((patch) => proto.SyncdPatch.decode(patch).mutations);
  const snapshotMac = hmac('sha256', snapshotMacKey, Buffer.concat([hashOf([...before, mutation]), place]));
  const patchMac = hmac('sha256', patchMacKey, Buffer.concat([snapshotMac, valueMac, place]));
  const patch = { version: { version }, mutations: [mutation], snapshotMac, patchMac, keyId: { id } };
  return Buffer.from(proto.SyncdPatch.encode(patch).finish());
}

/** `SyncActionData` with a `SyncActionValue` whose field 80 rc14's protocol files lack (WhiskeySockets/Baileys#2438). */
function saltAction(salt: Buffer, now: number): Buffer {
  const action = Buffer.concat([Buffer.of(0x0a, salt.length), salt]);
  const timestamp = proto.SyncActionValue.encode({ timestamp: now }).finish();
  const value = Buffer.concat([timestamp, Buffer.of(0x82, 0x05, action.length), action]);
  const rest = proto.SyncActionData.encode({ index: SALT_INDEX, padding: Buffer.alloc(0), version: 1 }).finish();
  return Buffer.concat([rest, Buffer.of(0x12, value.length), value]);
}

/** The sum of all values that hold: 64 numbers of 16 bits each, so that it can be carried on from any one. */
function hashOf(mutations: readonly proto.ISyncdMutation[]): Buffer {
  const held = new Map<string, Buffer>();
  for (const { operation, record } of mutations) {
    const index = Buffer.from(record?.index?.blob ?? []).toString('base64');
    if (operation === SET) held.set(index, Buffer.from(record?.value?.blob ?? []).subarray(-MAC_BYTES));
    else held.delete(index);
  }
  const hash = Buffer.alloc(HASH_BYTES);
  for (const mac of held.values()) {
    const part = Buffer.from(hkdfSync('sha256', mac, '', 'WhatsApp Patch Integrity', HASH_BYTES));
    for (let at = 0; at < HASH_BYTES; at += 2)
      hash.writeUInt16LE((hash.readUInt16LE(at) + part.readUInt16LE(at)) & 0xff_ff, at);
  }
  return hash;
}

function expand(key: Buffer) {
  const keys = Buffer.from(hkdfSync('sha256', key, '', 'WhatsApp Mutation Keys', 5 * 32));
  const [indexKey, valueKey, valueMacKey, snapshotMacKey, patchMacKey] = [0, 1, 2, 3, 4].map((part) =>
    keys.subarray(part * 32, (part + 1) * 32),
  ) as [Buffer, Buffer, Buffer, Buffer, Buffer];
  return { indexKey, valueKey, valueMacKey, snapshotMacKey, patchMacKey };
}

function macOf(value: Buffer, keyId: Buffer, key: Buffer): Buffer {
  const head = Buffer.concat([Buffer.of(1), keyId]);
  return hmac('sha512', key, Buffer.concat([head, value, bigEndian(head.length)])).subarray(0, MAC_BYTES);
}

function hmac(hash: string, key: Buffer, data: Buffer): Buffer {
  return createHmac(hash, key).update(data).digest();
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(value, 4);
  return bytes;
}
