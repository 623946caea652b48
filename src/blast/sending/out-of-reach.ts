import type { SendingDesk } from '../../wa-session/desk/sending-desk.js';
import type { NewChats } from '../../wa-session/domain/new-chats.js';
import type { Messenger } from '../../wa-session/messenger.js';

export type OutOfReach = 'LOCKED' | 'RESTRICTED' | 'NO_TOKEN';

export const isLocked = (newChats: NewChats | null): boolean => (newChats?.lockedUntil ?? null) !== null;

/**
 * Why WhatsApp refused a message with 463. It has two causes with opposite cures: the account is locked for everybody new,
 * or this one contact has given no token (evolution-foundation/evolution-go#50). It may come while WhatsApp denies the
 * lock (devlikeapro/waha#2219).
 */
export async function whyOutOfReach(
  desk: SendingDesk,
  { outletId, messenger }: { outletId: string; messenger: Messenger },
  number: string,
): Promise<OutOfReach> {
  if (isLocked(await desk.askNewChats(outletId))) return 'LOCKED';
  const hasToken = await messenger.hasToken(number).catch(() => true);
  return hasToken ? 'RESTRICTED' : 'NO_TOKEN';
}
