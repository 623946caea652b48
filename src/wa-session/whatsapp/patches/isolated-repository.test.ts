import { beforeAll, expect, jest, test } from '@jest/globals';
import { DEFAULT_CONNECTION_CONFIG } from '@whiskeysockets/baileys';
import {
  acquainted,
  begin,
  CUSTOMER,
  CUSTOMER_LID,
  hear,
  OUTLET,
  party,
  say,
  type Party,
} from '../../../../test/support/signal-parties.js';
import { undoFailedTrials } from './failed-trials.js';
import { makeIsolatedRepository } from './isolated-repository.js';
import { silenceSignalConsole } from './quiet-console.js';

const bare = DEFAULT_CONNECTION_CONFIG.makeSignalRepository;
const patched = makeIsolatedRepository(async () => null);
const ROUNDS = 20;

beforeAll(() => {
  silenceSignalConsole();
  undoFailedTrials();
});

/** As rc14's `relayMessage` sends: the whole of it in one transaction of the account. */
const send = ({ keys, repository }: Party, text: string, beforeTheWire: () => void = () => undefined) =>
  keys.transaction(async () => {
    const said = await repository.encryptMessage({ jid: CUSTOMER, data: Buffer.from(text) });
    beforeTheWire();
    return said;
  }, OUTLET);

/** Whether a message is believed a second time that came while one was sent, or nobody can read the next any more. */
async function forgets([outlet, customer]: [Party, Party]): Promise<boolean> {
  for (let round = 0; round < ROUNDS; round++) {
    try {
      const question = await say(customer, OUTLET, `Tanya ${round}`);
      const [answer] = await Promise.all([send(outlet, `Jawab ${round}`), hear(outlet, CUSTOMER, question)]);
      await hear(customer, OUTLET, answer);
      if (await hear(outlet, CUSTOMER, question).catch(() => null)) return true;
    } catch {
      return true;
    }
  }
  return false;
}

test('bare rc14 forgets what it read while it sends, and believes the same message again', async () => {
  expect(await forgets(await acquainted(bare))).toBe(true);
});

test('patched it never does', async () => {
  expect(await forgets(await acquainted(patched))).toBe(false);
});

/** Whether the key that a message was encrypted with is stored when its stanza would be written. */
async function isStoredFirst(outlet: Party): Promise<boolean> {
  const sessions = (): string => JSON.stringify([...outlet.stored].filter(([name]) => name.startsWith('session')));
  const before = sessions();
  let atTheWire = before;
  await send(outlet, 'Promo', () => (atTheWire = sessions()));
  return atTheWire !== before;
}

test('bare rc14 writes a stanza before the key it took is stored; patched the key is', async () => {
  expect(await isStoredFirst((await acquainted(bare))[0])).toBe(false);
  expect(await isStoredFirst((await acquainted(patched))[0])).toBe(true);
});

test('what is sent to a number while its LID writes costs neither side a key', async () => {
  const [outlet, customer] = await acquainted(patched);
  await outlet.keys.set({ 'device-list': { [CUSTOMER.split('@')[0]!]: ['0'] } });
  await outlet.repository.lidMapping.storeLIDPNMappings([{ lid: CUSTOMER_LID, pn: CUSTOMER }]);
  expect(await outlet.repository.migrateSession(CUSTOMER, CUSTOMER_LID)).toMatchObject({ migrated: 1 });

  for (let round = 0; round < ROUNDS; round++) {
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

test('a message whose recording fails can be read again; one whose recording worked cannot', async () => {
  let isAway = true;
  const recorded = makeIsolatedRepository(() => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(null)));
  const [outlet, customer] = [party(recorded), party(patched)];
  isAway = false;
  await begin(outlet, CUSTOMER, customer);
  await hear(customer, OUTLET, await say(outlet, CUSTOMER, 'Halo'));
  isAway = true;
  const said = await say(customer, OUTLET, 'STOP');
  await expect(hear(outlet, CUSTOMER, said)).rejects.toThrow('away');
  isAway = false;
  expect(await hear(outlet, CUSTOMER, said)).toBe('STOP');
  await expect(hear(outlet, CUSTOMER, said)).rejects.toThrow();
});

test.each([
  ['bare rc14', bare],
  ['patched', patched],
])('messages of a group that come in one moment are all read, and none a second time: %s', async (_, make) => {
  const [reader, writer] = [party(make), party(make)];
  const group = '120363000011112222@g.us';
  const written: Uint8Array[] = [];
  for (let index = 0; index < 4; index++) {
    const data = Buffer.from(`Pesan ${index}`);
    const { ciphertext, senderKeyDistributionMessage } = await writer.repository.encryptGroupMessage({
      group,
      meId: CUSTOMER,
      data,
    });
    written.push(ciphertext);
    if (index > 0) continue;
    const item = { groupId: group, axolotlSenderKeyDistributionMessage: senderKeyDistributionMessage };
    await reader.repository.processSenderKeyDistributionMessage({ authorJid: CUSTOMER, item });
  }
  const read = (msg: Uint8Array) => reader.repository.decryptGroupMessage({ group, authorJid: CUSTOMER, msg });
  const texts = (await Promise.all(written.map(read))).map((plain) => Buffer.from(plain).toString());
  expect(texts).toEqual(written.map((_, index) => `Pesan ${index}`));
  for (const again of await Promise.allSettled(written.map(read))) expect(again.status).toBe('rejected');
});

test('bare rc14 keeps everybody in memory; patched who came long ago is read from the stored keys, and right', async () => {
  const people = Array.from({ length: 3_000 }, (_, index) => ({
    lid: `${index + 700_000_000}@lid`,
    pn: `${6_285_500_000_000 + index}@s.whatsapp.net`,
  }));
  const [first, last] = [people[0]!, people[2_999]!];
  const isAskedAgain = async (make: typeof bare, whom: { lid: string; pn: string }): Promise<boolean> => {
    const { repository, keys } = party(make);
    await repository.lidMapping.storeLIDPNMappings(people);
    const read = jest.spyOn(keys, 'get');
    expect(await repository.lidMapping.getLIDForPN(whom.pn)).toBe(whom.lid);
    expect(await repository.lidMapping.getPNForLID(whom.lid)).toContain(whom.pn.split('@')[0]);
    return read.mock.calls.length > 0;
  };
  expect(await isAskedAgain(bare, first)).toBe(false);
  expect(await isAskedAgain(patched, first)).toBe(true);
  expect(await isAskedAgain(patched, last)).toBe(false);
});
