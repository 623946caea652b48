import { expect, test } from '@jest/globals';
import type { NewChats } from '../../wa-session/domain/new-chats.js';
import type { Proof } from '../../wa-session/messenger.js';
import { toldReason, whyOutOfReach, type OutOfReach } from './out-of-reach.js';

const allowed = (lockedUntil: number | null): NewChats => ({ lockedUntil, left: null, countedAgainAt: null });

test.each<[said: NewChats | null, proof: Proof | 'unread', why: OutOfReach, told: string]>([
  [allowed(1), 'none', 'LOCKED', 'RESTRICTED'],
  [allowed(1), 'token', 'LOCKED', 'RESTRICTED'],
  [allowed(null), 'none', 'NO_TOKEN', 'NO_TOKEN'],
  [null, 'none', 'NO_TOKEN', 'NO_TOKEN'],
  [allowed(null), 'token', 'RESTRICTED', 'RESTRICTED'],
  [null, 'token', 'RESTRICTED', 'RESTRICTED'],
  [allowed(null), 'salt', 'NEW_CHAT_REFUSED', 'NEW_CHAT_REFUSED'],
  [null, 'salt', 'NEW_CHAT_REFUSED', 'NEW_CHAT_REFUSED'],
  [allowed(null), 'unread', 'NEW_CHAT_REFUSED', 'NEW_CHAT_REFUSED'],
])('463 where WhatsApp said %j and the message carried %s is %s', async (said, proof, why, told) => {
  const desk = { askNewChats: () => Promise.resolve(said) };
  const proofFor = (): Promise<Proof> =>
    proof === 'unread' ? Promise.reject(new Error('the database is away')) : Promise.resolve(proof);
  const found = await whyOutOfReach(desk, { outletId: 'shop', messenger: { proofFor } }, '628');
  expect([found, toldReason(found)]).toEqual([why, told]);
});
