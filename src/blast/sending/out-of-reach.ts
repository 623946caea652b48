import type { SendingDesk } from '../../wa-session/desk/sending-desk.js';
import type { NewChats } from '../../wa-session/domain/new-chats.js';
import type { Messenger } from '../../wa-session/messenger.js';

export type OutOfReach = 'LOCKED' | 'RESTRICTED' | 'NO_TOKEN' | 'NEW_CHAT_REFUSED';

export const isLocked = (newChats: NewChats | null): boolean => (newChats?.lockedUntil ?? null) !== null;

interface Way {
  outletId: string;
  messenger: Pick<Messenger, 'proofFor'>;
}

/**
 * Why WhatsApp refused a message with 463. It has two causes with opposite cures: the account is locked for everybody new,
 * or this one contact has given no token (evolution-foundation/evolution-go#50). It may come while WhatsApp denies the
 * lock (devlikeapro/waha#2219). What the account's salt makes proves nothing where WhatsApp has another salt by now, so
 * of one that carried that alone nobody knows which it was.
 */
export async function whyOutOfReach(
  desk: Pick<SendingDesk, 'askNewChats'>,
  { outletId, messenger }: Way,
  number: string,
): Promise<OutOfReach> {
  if (isLocked(await desk.askNewChats(outletId))) return 'LOCKED';
  const proof = await messenger.proofFor(number).catch(() => 'salt');
  if (proof === 'none') return 'NO_TOKEN';
  return proof === 'token' ? 'RESTRICTED' : 'NEW_CHAT_REFUSED';
}

/** The same as people are told of the one who was to get the message. */
export const toldReason = (why: OutOfReach): Exclude<OutOfReach, 'LOCKED'> => (why === 'LOCKED' ? 'RESTRICTED' : why);
