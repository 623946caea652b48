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

const byNumber: PastConversation = { ...past('old', 1), id: '628@s.whatsapp.net', lidJid: LID };

test.each([
  ['by number first', [byNumber, past('new', 2)]],
  ['by LID first', [past('new', 2), byNumber]],
])('of somebody whom one part tells of twice, %s, the newer token stays', async (_, told) => {
  const { kept, keys } = slowStore();
  const tokens = new PrivacyTokens({} as WASocket, keys, () => 0);
  await tokens.keepPast(told);
  expect(kept).toMatchObject({ [LID]: { token: Buffer.from('new'), timestamp: '2' } });
  expect(Object.keys(kept)).toEqual([LID]);
});

test.each([
  ['issued a token', { [LID]: { token: Buffer.from('x'), timestamp: '1' } }, 'token'],
  ['issued one that is too old', { [LID]: { token: Buffer.from('x'), timestamp: '-9000000' } }, 'none'],
  ['issued none, of an account with a salt', { __nct_salt: { token: Buffer.from('s') } }, 'salt'],
  ['issued none', {}, 'none'],
])('a message to somebody who %s proves so much', async (_, known, proof) => {
  const { kept, keys } = slowStore();
  Object.assign(kept, known);
  expect(await new PrivacyTokens({} as WASocket, keys, () => 5_000).proofFor(LID)).toBe(proof);
});

test('of somebody whose LID nobody knows the token is looked up by number, and no salt counts', async () => {
  const { kept, keys } = slowStore();
  const signalRepository = { lidMapping: { getLIDForPN: () => Promise.resolve(null) } };
  const tokens = new PrivacyTokens({ signalRepository } as unknown as WASocket, keys, () => 5_000);
  Object.assign(kept, { __nct_salt: { token: Buffer.from('s') } });
  expect(await tokens.proofFor('628@s.whatsapp.net')).toBe('none');
  Object.assign(kept, { '628@s.whatsapp.net': { token: Buffer.from('x'), timestamp: '1' } });
  expect(await tokens.proofFor('628@s.whatsapp.net')).toBe('token');
});

test('a part that could not be kept holds up no other', async () => {
  const { kept, keys, fail } = slowStore();
  const tokens = new PrivacyTokens({} as WASocket, keys, () => 0);
  fail();
  const [first, second] = await Promise.allSettled([tokens.keepPast([past('a', 1)]), tokens.keepPast([past('b', 2)])]);
  expect([first.status, second.status]).toEqual(['rejected', 'fulfilled']);
  expect(kept[LID]).toMatchObject({ token: Buffer.from('b') });
});
