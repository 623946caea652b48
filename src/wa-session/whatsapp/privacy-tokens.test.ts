import { expect, test } from '@jest/globals';
import type { SignalDataSet, SignalKeyStore, WASocket } from '@whiskeysockets/baileys';
import type { PastConversation } from './patches/history-reader.js';
import { PrivacyTokens } from './privacy-tokens.js';

const LID = '90000000000001@lid';
const past = (word: string, tokenAt: number): PastConversation => ({
  ...{ id: LID, pnJid: null, lidJid: null, issuedAt: 0 },
  ...{ token: Buffer.from(word), tokenAt },
});

/** Answers after everybody who asks now has asked. */
function slowStore() {
  const kept: NonNullable<SignalDataSet['tctoken']> = {};
  let failures = 0;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const get = async () => {
    const found = { ...kept };
    await turn();
    return found;
  };
  const set = async ({ tctoken }: SignalDataSet) => {
    await turn();
    if (failures-- > 0) throw new Error('the database is away');
    Object.assign(kept, tctoken);
  };
  const keys = { get, set } as unknown as SignalKeyStore;
  return { kept, keys, fail: () => void (failures = 1) };
}

test.each([
  [['old', 1] as const, ['new', 2] as const],
  [['new', 2] as const, ['old', 1] as const],
])('of parts of a history that come together, the newer token stays: %j, %j', async (...told) => {
  const { kept, keys } = slowStore();
  const tokens = new PrivacyTokens({} as WASocket, keys, () => 0);
  await Promise.all(told.map(([word, at]) => tokens.keepPast([past(word, at)])));
  expect(kept[LID]).toMatchObject({ token: Buffer.from('new'), timestamp: '2' });
});

test('a part that could not be kept holds up no other', async () => {
  const { kept, keys, fail } = slowStore();
  const tokens = new PrivacyTokens({} as WASocket, keys, () => 0);
  fail();
  const [first, second] = await Promise.allSettled([tokens.keepPast([past('a', 1)]), tokens.keepPast([past('b', 2)])]);
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
  expect(kept[LID]).toMatchObject({ token: Buffer.from('b') });
});
