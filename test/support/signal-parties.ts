import { Logger } from '@nestjs/common';
import {
  addTransactionCapability,
  Curve,
  generateSignalPubKey,
  initAuthCreds,
  type AuthenticationCreds,
  type SignalDataSet,
  type SignalKeyStore,
  type SignalKeyStoreWithTransaction,
  type SignalRepositoryWithLIDStore,
  type SocketConfig,
} from '@whiskeysockets/baileys';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { baileysLog } from '../../src/wa-session/whatsapp/baileys-log.js';

export const OUTLET = '6281200000001@s.whatsapp.net';
export const CUSTOMER = '6285500000001@s.whatsapp.net';
/** WhatsApp's other name for the same customer. */
export const CUSTOMER_LID = '111222333@lid';

const log = baileysLog(new Logger('test'));

/** One who writes and reads, with Baileys' own keys and sessions. */
export interface Party {
  creds: AuthenticationCreds;
  /** As Baileys sees it; what it changes in a transaction is stored at its end. */
  keys: SignalKeyStoreWithTransaction;
  /** What is stored, by kind and id. */
  stored: Map<string, unknown>;
  repository: SignalRepositoryWithLIDStore;
}

type Encrypted = Awaited<ReturnType<Party['repository']['encryptMessage']>>;

/** Keys in memory that take their time, as a database does. */
function slowKeys(kept: Map<string, unknown>): SignalKeyStore {
  const wait = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) await nextTurn();
  };
  const found = (kind: string, id: string): [string, unknown][] => {
    const value = kept.get(`${kind} ${id}`);
    return value === undefined || value === null ? [] : [[id, value]];
  };
  return {
    get: async (kind, ids) => {
      await wait();
      return Object.fromEntries(ids.flatMap((id) => found(kind, id))) as Record<string, never>;
    },
    set: async (data: SignalDataSet) => {
      await wait();
      for (const [kind, entries] of Object.entries(data))
        for (const [id, value] of Object.entries(entries ?? {})) kept.set(`${kind} ${id}`, value);
    },
  };
}

export function party(make: SocketConfig['makeSignalRepository']): Party {
  const creds = initAuthCreds();
  const stored = new Map<string, unknown>();
  const keys = addTransactionCapability(slowKeys(stored), log, { maxCommitRetries: 1, delayBetweenTriesMs: 0 });
  return { creds, keys, stored, repository: make({ creds, keys }, log) };
}

/** What WhatsApp hands out about this party. */
async function bundleOf({ creds, keys }: Party) {
  const preKey = Curve.generateKeyPair();
  await keys.set({ 'pre-key': { 1: preKey } });
  const { keyId, keyPair, signature } = creds.signedPreKey;
  return {
    registrationId: creds.registrationId,
    identityKey: generateSignalPubKey(creds.signedIdentityKey.public),
    signedPreKey: { keyId, publicKey: generateSignalPubKey(keyPair.public), signature },
    preKey: { keyId: 1, publicKey: generateSignalPubKey(preKey.public) },
  };
}

export async function begin(by: Party, withJid: string, whom: Party): Promise<void> {
  await by.repository.injectE2ESession({ jid: withJid, session: await bundleOf(whom) });
}

export const say = (from: Party, to: string, text: string): Promise<Encrypted> =>
  from.repository.encryptMessage({ jid: to, data: Buffer.from(text) });

export const hear = async (by: Party, from: string, said: Encrypted): Promise<string> =>
  Buffer.from(await by.repository.decryptMessage({ jid: from, ...said })).toString();

/** Both have written and read. */
export async function acquainted(
  make: SocketConfig['makeSignalRepository'],
): Promise<[outlet: Party, customer: Party]> {
  const [outlet, customer] = [party(make), party(make)];
  await begin(outlet, CUSTOMER, customer);
  await hear(customer, OUTLET, await say(outlet, CUSTOMER, 'Halo'));
  await hear(outlet, CUSTOMER, await say(customer, OUTLET, 'Ya?'));
  return [outlet, customer];
}

/** Each begins to write before the other's first message came, and both go on. @throws where one cannot read the other */
export async function beginAtOnce(make: SocketConfig['makeSignalRepository']): Promise<string[]> {
  const [outlet, customer] = [party(make), party(make)];
  await begin(outlet, CUSTOMER, customer);
  await begin(customer, OUTLET, outlet);
  const [promo, question] = [await say(outlet, CUSTOMER, 'Promo!'), await say(customer, OUTLET, 'Buka?')];
  const heard = [await hear(customer, OUTLET, promo), await hear(outlet, CUSTOMER, question)];
  // Of their two sessions each now writes in the one that the other began, and reads both.
  heard.push(await hear(outlet, CUSTOMER, await say(customer, OUTLET, 'Halo?')));
  heard.push(await hear(customer, OUTLET, await say(outlet, CUSTOMER, 'Buka.')));
  return heard;
}
