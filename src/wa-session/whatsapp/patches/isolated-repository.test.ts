import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeAll, expect, test } from '@jest/globals';
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
} from '@whiskeysockets/baileys';
import { baileysLog } from '../baileys-log.js';
import { undoFailedTrials } from './failed-trials.js';
import { makeIsolatedRepository } from './isolated-repository.js';
import { silenceSignalConsole } from './quiet-console.js';

const log = baileysLog(new Logger('test'));

const OUTLET = '6281200000001@s.whatsapp.net';
const CUSTOMER = '6285500000001@s.whatsapp.net';
/** WhatsApp's other name for the same customer. */
const CUSTOMER_LID = '111222333@lid';

interface Party {
  creds: AuthenticationCreds;
  keys: SignalKeyStoreWithTransaction;
  repository: SignalRepositoryWithLIDStore;
}

/** Keys in memory that take their time, as a database does. */
function slowKeys(): SignalKeyStore {
  const kept = new Map<string, unknown>();
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

function party(): Party {
  const creds = initAuthCreds();
  const keys = addTransactionCapability(slowKeys(), log, { maxCommitRetries: 1, delayBetweenTriesMs: 0 });
  const repository = makeIsolatedRepository(async () => null)({ creds, keys }, log);
  return { creds, keys, repository };
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

async function begin(by: Party, withJid: string, whom: Party): Promise<void> {
  await by.repository.injectE2ESession({ jid: withJid, session: await bundleOf(whom) });
}

const say = (from: Party, to: string, text: string) =>
  from.repository.encryptMessage({ jid: to, data: Buffer.from(text) });

const hear = async (by: Party, from: string, said: Awaited<ReturnType<typeof say>>): Promise<string> =>
  Buffer.from(await by.repository.decryptMessage({ jid: from, ...said })).toString();

beforeAll(() => {
  silenceSignalConsole();
  undoFailedTrials();
});

test('what is sent to a number while its LID writes costs neither side a key', async () => {
  const [outlet, customer] = [party(), party()];
  await begin(outlet, CUSTOMER, customer);
  expect(await hear(customer, OUTLET, await say(outlet, CUSTOMER, 'Halo'))).toBe('Halo');
  expect(await hear(outlet, CUSTOMER, await say(customer, OUTLET, 'Ya?'))).toBe('Ya?');
  await outlet.keys.set({ 'device-list': { [CUSTOMER.split('@')[0]!]: ['0'] } });
  await outlet.repository.lidMapping.storeLIDPNMappings([{ lid: CUSTOMER_LID, pn: CUSTOMER }]);
  expect(await outlet.repository.migrateSession(CUSTOMER, CUSTOMER_LID)).toMatchObject({ migrated: 1 });

  for (let round = 0; round < 20; round++) {
    const question = await say(customer, OUTLET, `Tanya ${round}`);
    const [answer, heard] = await Promise.all([
      say(outlet, CUSTOMER, `Jawab ${round}`),
      hear(outlet, CUSTOMER_LID, question),
    ]);
    expect(heard).toBe(`Tanya ${round}`);
    expect(await hear(customer, OUTLET, answer)).toBe(`Jawab ${round}`);
    await expect(hear(outlet, CUSTOMER_LID, question)).rejects.toThrow();
  }
});

test('who begin to write to each other at once read each other from the first message on', async () => {
  const [outlet, customer] = [party(), party()];
  await begin(outlet, CUSTOMER, customer);
  await begin(customer, OUTLET, outlet);
  const [promo, question] = [await say(outlet, CUSTOMER, 'Promo!'), await say(customer, OUTLET, 'Buka?')];
  expect(await hear(customer, OUTLET, promo)).toBe('Promo!');
  expect(await hear(outlet, CUSTOMER, question)).toBe('Buka?');
  // Of their two sessions each now writes in the one that the other began, and reads both.
  expect(await hear(outlet, CUSTOMER, await say(customer, OUTLET, 'Halo?'))).toBe('Halo?');
  expect(await hear(customer, OUTLET, await say(outlet, CUSTOMER, 'Buka.'))).toBe('Buka.');
});
