import type { NewChatMessageCapInfo, ReachoutTimelockState } from '@whiskeysockets/baileys';
import type { NewChats } from '../domain/new-chats.js';

/** A lock without an end counts as one of a minute, as in WhatsApp Web (WhiskeySockets/Baileys#2442). */
const UNTOLD_LOCK_MS = 60_000;

/** What WhatsApp's word on the reach-out lock means. `now` in milliseconds since the epoch. */
export function lockWord({ isActive, timeEnforcementEnds }: ReachoutTimelockState, now: number): Partial<NewChats> {
  if (!isActive) return { lockedUntil: null };
  const end = timeEnforcementEnds?.getTime() ?? NaN;
  return { lockedUntil: end > 0 ? end : Math.round(now + UNTOLD_LOCK_MS) };
}

const UNCOUNTED: Partial<NewChats> = { left: null, countedAgainAt: null };

/**
 * What WhatsApp's word on the quota of new chats means; what it does not speak of stays as it was. It may say numbers as
 * texts, and of no quota a total of 0 or -1, or nothing where it was asked.
 */
export function quotaWord(info: Partial<NewChatMessageCapInfo> | null | undefined): Partial<NewChats> {
  if (!info) return UNCOUNTED;
  const [total, used] = [numberIn(info.total_quota), numberIn(info.used_quota)];
  const ends = numberIn(info.cycle_end_timestamp);
  const countedAgain = ends === null ? {} : { countedAgainAt: ends > 0 ? ends * 1_000 : null };
  if (String(info.capping_status) === 'CAPPED') return { left: 0, ...countedAgain };
  if (total !== null && total <= 0) return UNCOUNTED;
  if (total !== null && used !== null) return { left: Math.max(0, Math.floor(total - used)), ...countedAgain };
  // Not capped any more; how many are left it does not say.
  return info.capping_status ? { left: null, ...countedAgain } : countedAgain;
}

/** `null` where it is none. */
function numberIn(said: number | string | undefined): number | null {
  const value = said === undefined || said === null || said === '' ? NaN : Number(said);
  return Number.isFinite(value) ? value : null;
}
