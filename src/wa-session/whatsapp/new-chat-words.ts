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

/** What WhatsApp's word on the quota of new chats means. It may say numbers as texts, and of no quota a total of 0. */
export function quotaWord(info: Partial<NewChatMessageCapInfo> | null | undefined): Partial<NewChats> {
  const total = Number(info?.total_quota ?? 0);
  const ends = Number(info?.cycle_end_timestamp ?? 0) * 1_000;
  if (!(total > 0)) return { left: null, countedAgainAt: null };
  const used = Number(info?.used_quota ?? 0);
  return { left: Math.max(0, Math.floor(total - (used || 0))), countedAgainAt: ends > 0 ? ends : null };
}
