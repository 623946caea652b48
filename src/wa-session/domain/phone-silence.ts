import { isAtRest } from './left-behind.js';
import type { SessionState } from './session-state.js';
import type { LinkFacts } from './link-facts.js';
import { PHONE_AWAY_ENDS_MS, PHONE_AWAY_WARN_MS, silentSince, type PhoneSigns } from './warnings.js';

const DAY_MS = 86_400_000;
/** For so long nobody may have listened before a silence says nothing any more: a phone in use is heard of within a day. */
const UNHEARD_MS = DAY_MS;
/** A phone that is on gets a day to answer, so that nobody is warned of it. */
const ASK_AFTER_MS = PHONE_AWAY_WARN_MS - DAY_MS;
/** Once a day, as mautrix/whatsapp does (`pkg/connector/phoneping.go`). */
const ASK_EVERY_MS = DAY_MS;
/** A companion that does nothing for so long WhatsApp unlinks whatever its phone does (faq.whatsapp.com/378279804439436). */
const IDLE_ENDS_MS = 30 * DAY_MS;

type Heard = Pick<SessionState, 'phase' | 'lastSeen' | 'facts'>;

/**
 * Until when the silence of a phone counts: while nobody listened, nothing is known of it. `null` where nobody does, or
 * where that is too long ago. Wall time, milliseconds, as is the answer.
 */
export function heardUntil({ phase, lastSeen }: Omit<Heard, 'facts'>, wall: number): number | null {
  if (phase.name === 'online') return wall;
  if (isAtRest(phase) || wasUnheard(lastSeen, wall)) return null;
  return Math.min(wall, lastSeen ?? wall);
}

/** Whether nobody listened for so long before now that a phone may have come and gone. */
const wasUnheard = (lastSeen: number | null, wall: number): boolean =>
  lastSeen === null || wall - lastSeen >= UNHEARD_MS;

/** What is known of the phone once we listen again: what nobody listened to is not held against it. */
export function listeningAgain({ facts, lastSeen }: Heard, wall: number): LinkFacts {
  const { phoneSeenAt, listeningSince } = facts;
  const isUnknown = phoneSeenAt === null && listeningSince === null;
  const wasAway = wasUnheard(lastSeen, wall) && wasUnheard(phoneSeenAt, wall);
  return isUnknown || wasAway ? { ...facts, listeningSince: Math.round(wall) } : facts;
}

/** Whether a link that ended did so for want of its phone, as far as we listened ourselves. */
export function endedByAbsence({ phase, lastSeen, facts }: Heard, wall: number): boolean {
  const { phoneSeenAt } = facts;
  const silent = silentSince(facts);
  const last = phase.name === 'online' ? wall : Math.min(wall, lastSeen ?? 0);
  if (silent === null || wall - last >= IDLE_ENDS_MS) return false;
  return wall - (phoneSeenAt ?? silent) >= PHONE_AWAY_ENDS_MS && last - silent >= PHONE_AWAY_WARN_MS;
}

/**
 * Whether the phone is to be asked for a sign of life: before anybody is warned of it, and once where it may have come
 * and gone unheard. Milliseconds since the epoch; `askedAt` is `null` where it never was.
 */
export function isPhoneToBeAsked(signs: PhoneSigns, askedAt: number | null, wall: number): boolean {
  const { phoneSeenAt, listeningSince } = signs;
  const silent = silentSince(signs);
  if (silent === null) return false;
  const isNewlyHeard = listeningSince !== null && listeningSince > (phoneSeenAt ?? 0);
  if (isNewlyHeard && (askedAt === null || askedAt < listeningSince)) return true;
  // By a clock that was set back since, it was asked in the future.
  return wall - silent >= ASK_AFTER_MS && (askedAt === null || Math.abs(wall - askedAt) >= ASK_EVERY_MS);
}
