import { Account, type Profile, type LeftBehind } from '../accounts/account.js';
import { Device, type DeviceProps } from '../accounts/device.js';
import { Mailbox } from '../accounts/mailbox.js';
import { PhoneKeys } from '../accounts/phone-keys.js';
import { PreKeyPool } from '../accounts/pre-key-pool.js';
import type { KeyPair } from '../crypto/curve.js';
import { decodeStanza, encodeStanza } from '../wire/stanza.js';

type Base64 = string;

export interface KeyPairRecord {
  public: Base64;
  private: Base64;
}

interface PhoneKeysRecord {
  identity: KeyPairRecord;
  registrationId: number;
  signedPreKey?: KeyPairRecord & { id: number; signature: Base64 };
  nextPreKeyId: number;
  preKeys: [number, KeyPairRecord][];
  /** libsignal's own serialization, which is plain JSON. */
  sessions: [string, unknown][];
  appStateKey: { id: Base64; data: Base64; timestamp: number };
}

interface DeviceRecord {
  id: number;
  keyIndex: number;
  linkedAt: number;
  historyShared: boolean;
  /** Left out by simulators before this was kept. */
  lastAvailableAt?: number | null;
  props?: DeviceProps;
  noise: Base64;
  identity: Base64;
  registrationId: number;
  signedPreKey: { id: number; public: Base64; signature: Base64 };
  preKeys: Base64;
  mail: Base64[];
}

/** One account as a line of the data file. */
export interface AccountRecord {
  number: string;
  lid: string;
  profile: Profile;
  lastIds: { device: number; keyIndex: number };
  keys?: PhoneKeysRecord;
  devices: DeviceRecord[];
  /** Chats that had begun, by simulators that did not keep who wrote in them. */
  chats?: string[];
  /** Left out by simulators before these were kept. */
  heardFrom?: string[];
  /** Bare keys are of before there was another refusal than 403. */
  leftBehind?: (Base64 | [Base64, LeftBehind])[];
  nctSalt?: Base64;
  tokensIssued?: [string, { token: Base64; t: number }][];
  appState: [string, { version: number; patches: Base64[] }][];
}

const UNNAMED: DeviceProps = { name: '', platform: 'UNKNOWN' };

const text = (bytes: Uint8Array): Base64 => Buffer.from(bytes).toString('base64');
const bytes = (base64: Base64): Buffer => Buffer.from(base64, 'base64');

export function keyPairRecord(pair: KeyPair): KeyPairRecord {
  return { public: text(pair.public), private: text(pair.private) };
}

export function keyPairOf(record: KeyPairRecord): KeyPair {
  return { public: bytes(record.public), private: bytes(record.private) };
}

export function recordOf(account: Account): AccountRecord {
  return {
    number: account.number,
    lid: account.lid,
    profile: account.profile,
    lastIds: account.lastIds,
    ...(account.hasKeys && { keys: phoneKeysRecord(account.keys) }),
    devices: [...account.devices.values()].map(deviceRecord),
    heardFrom: [...account.heardFrom],
    leftBehind: [...account.leftBehind],
    ...(account.hasSalt && { nctSalt: text(account.nctSalt) }),
    tokensIssued: [...account.tokensIssued].map(([number, { token, t }]) => [number, { token: text(token), t }]),
    appState: [...account.appState].map(([name, { version, patches }]) => [
      name,
      { version, patches: patches.map(text) },
    ]),
  };
}

export function accountOf(record: AccountRecord, now: () => number): Account {
  const account = new Account(record.number, record.lid, record.profile, now);
  account.lastIds = record.lastIds;
  if (record.keys) account.restoreKeys(phoneKeysOf(record.keys));
  for (const device of record.devices) account.link(deviceOf(device));
  for (const number of record.heardFrom ?? record.chats ?? []) account.heardFrom.add(number);
  if (record.nctSalt !== undefined) account.nctSalt = bytes(record.nctSalt);
  for (const [number, { token, t }] of record.tokensIssued ?? [])
    account.tokensIssued.set(number, { token: bytes(token), t });
  for (const gone of record.leftBehind ?? []) {
    const [noise, refusal] = typeof gone === 'string' ? ([gone, '403'] as const) : gone;
    account.leftBehind.set(noise, refusal);
  }
  for (const [name, { version, patches }] of record.appState)
    account.appState.set(name, { version, patches: patches.map(bytes) });
  return account;
}

function phoneKeysRecord({ state }: PhoneKeys): PhoneKeysRecord {
  const { signedPreKey, appStateKey } = state;
  return {
    identity: keyPairRecord(state.identity),
    registrationId: state.registrationId,
    ...(signedPreKey && {
      signedPreKey: { ...keyPairRecord(signedPreKey), id: signedPreKey.id, signature: text(signedPreKey.signature) },
    }),
    nextPreKeyId: state.nextPreKeyId,
    preKeys: [...state.preKeys].map(([id, pair]) => [id, keyPairRecord(pair)]),
    sessions: [...state.sessions],
    appStateKey: { id: text(appStateKey.id), data: text(appStateKey.data), timestamp: appStateKey.timestamp },
  };
}

function phoneKeysOf(record: PhoneKeysRecord): PhoneKeys {
  const { signedPreKey, appStateKey } = record;
  return PhoneKeys.restore({
    identity: keyPairOf(record.identity),
    registrationId: record.registrationId,
    ...(signedPreKey && {
      signedPreKey: { ...keyPairOf(signedPreKey), id: signedPreKey.id, signature: bytes(signedPreKey.signature) },
    }),
    nextPreKeyId: record.nextPreKeyId,
    preKeys: new Map(record.preKeys.map(([id, pair]) => [id, keyPairOf(pair)])),
    sessions: new Map(record.sessions as [string, Uint8Array][]),
    appStateKey: { id: bytes(appStateKey.id), data: bytes(appStateKey.data), timestamp: appStateKey.timestamp },
  });
}

function deviceRecord(device: Device): DeviceRecord {
  const { noise, identity, registrationId, signedPreKey } = device.keys;
  return {
    id: device.id,
    keyIndex: device.keyIndex,
    linkedAt: device.linkedAt,
    historyShared: device.historyShared,
    lastAvailableAt: device.lastAvailableAt,
    props: device.props,
    noise: text(noise),
    identity: text(identity),
    registrationId,
    signedPreKey: { id: signedPreKey.id, public: text(signedPreKey.public), signature: text(signedPreKey.signature) },
    preKeys: text(device.preKeys.toBytes()),
    mail: device.mailbox.list().map((stanza) => text(encodeStanza(stanza))),
  };
}

function deviceOf(record: DeviceRecord): Device {
  const { id, public: signedPublic, signature } = record.signedPreKey;
  const keys = {
    noise: bytes(record.noise),
    identity: bytes(record.identity),
    registrationId: record.registrationId,
    signedPreKey: { id, public: bytes(signedPublic), signature: bytes(signature) },
  };
  const stored = {
    preKeys: new PreKeyPool(bytes(record.preKeys)),
    mailbox: new Mailbox(record.mail.map((mail) => decodeStanza(bytes(mail)))),
  };
  const device = new Device(record.id, record.keyIndex, keys, record.linkedAt, record.props ?? UNNAMED, stored);
  device.historyShared = record.historyShared;
  device.lastAvailableAt = record.lastAvailableAt ?? null;
  return device;
}
