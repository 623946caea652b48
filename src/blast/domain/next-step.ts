import type { HoldCode } from '@koneksi/contracts/blast-states';
import { capsOn, quietUntil, type Carefulness, type Usage } from './careful.js';
import { nextMidnight } from './local-time.js';

/** What is known when an outlet's turn comes. Instants are milliseconds since the epoch. */
export interface Situation {
  now: number;
  healthy: boolean;
  /** After too many refusals, until a person resumes. */
  stopped: Extract<HoldCode, 'STOPPED_RESTRICTED' | 'STOPPED_REFUSALS'> | null;
  /** When this part may begin. */
  notBefore: number | null;
  careful: Carefulness;
  usage: Usage;
  /** Until when WhatsApp lets the number start no new chats; `null` where it does. */
  restrictedUntil: number | null;
  /** How many new chats WhatsApp still allows by its own count; `null` where it does not say. */
  newChatsLeft: number | null;
  /** When WhatsApp counts them anew; `null` where it does not say. */
  newChatsAgainAt: number | null;
}

export type NextStep =
  /** How many may go out before the next look, by whether the outlet knows them. */
  { do: 'send'; newChats: number; knownChats: number } | { do: 'hold'; code: HoldCode; until: number | null };

/** Whether an outlet may send now, and to whom; if not, why, and until when. The gravest reason is told. */
export function nextStep(situation: Situation): NextStep {
  const { now, careful, usage } = situation;
  if (situation.stopped) return { do: 'hold', code: situation.stopped, until: null };
  if (situation.notBefore !== null && situation.notBefore > now)
    return { do: 'hold', code: 'NOT_YET', until: situation.notBefore };
  if (!situation.healthy) return { do: 'hold', code: 'OUTLET_UNHEALTHY', until: null };
  const quiet = quietUntil(now, careful);
  if (quiet !== null) return { do: 'hold', code: 'QUIET_HOURS', until: quiet };
  const caps = capsOn(usage.sendingDay, careful);
  const knownChats = Math.max(0, caps.knownChats - usage.knownChats);
  const newChats = isRestricted(situation) ? 0 : Math.max(0, caps.newChats - usage.newChats);
  return knownChats + newChats > 0 ? { do: 'send', newChats, knownChats } : holdFor(situation);
}

/** Whether a message to one person, whom the outlet knows or not, would leave now. */
export function mayWrite(situation: Situation, isKnown: boolean): boolean {
  const step = nextStep(situation);
  return step.do === 'send' && (isKnown ? step.knownChats : step.newChats) > 0;
}

/** Why nobody was left whom the outlet may write to now, although some are queued. */
export function holdFor(situation: Situation): Extract<NextStep, { do: 'hold' }> {
  const tomorrow = nextMidnight(situation.now, situation.careful.zone);
  if (isLocked(situation)) return { do: 'hold', code: 'RESTRICTED', until: situation.restrictedUntil };
  if (isUsedUp(situation)) return { do: 'hold', code: 'RESTRICTED', until: situation.newChatsAgainAt ?? tomorrow };
  return { do: 'hold', code: 'DAILY_CAP', until: tomorrow };
}

const isRestricted = (situation: Situation): boolean => isLocked(situation) || isUsedUp(situation);

function isLocked({ now, restrictedUntil }: Situation): boolean {
  return restrictedUntil !== null && restrictedUntil > now;
}

/** What was left counts until they are counted anew. */
function isUsedUp({ now, newChatsLeft, newChatsAgainAt }: Situation): boolean {
  return newChatsLeft === 0 && (newChatsAgainAt === null || newChatsAgainAt > now);
}
