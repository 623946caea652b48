import { isBeside } from './beside.js';
import { ranOutBy } from './link-tries.js';
import { LEAVE_OWED_IN_S, openLogin, park, rest, sendAway } from './moves.js';
import { sameNumber } from './same-number.js';
import type { Transition } from './session-event.js';
import type { Ending, LinkMethod, ParkCode, Phase, SessionState } from './session-state.js';

/** Endings that are about one account or its phone, and say nothing of another. */
const OF_THE_ACCOUNT: ReadonlySet<Ending['code']> = new Set<ParkCode>([
  'LOGGED_OUT',
  'REMOVED_BY_WHATSAPP',
  'PHONE_AWAY',
  'REPLACED',
  'BLOCKED',
  'BANNED',
  'RESTRICTED',
  'PASSKEY_REQUIRED',
]);

/**
 * What an outlet does that nobody is connecting: it logs in, rests or is parked, and why follows from its number, its
 * credentials, its settings and its last ending. Nothing else is remembered.
 * @param isStranger whether the stored link, where it is of another number, was never online
 */
export function settle(state: SessionState, now: number, isStranger = false): Transition {
  const { outlet, linkedNumber, lastEnding, everLinked } = state;
  if (!outlet.isActive) return rest(state, 'INACTIVE');
  if (linkedNumber === null) return restUnlinked(state, now);
  if (!sameNumber(linkedNumber, outlet.number)) {
    // One that was online is the outlet's again once its number is corrected; one that never was is a stranger's phone.
    if (!everLinked || isStranger) return sendAway(state, linkedNumber, LEAVE_OWED_IN_S, now);
    return park(state, 'WRONG_NUMBER', { number: linkedNumber });
  }
  if (lastEnding?.link === 'kept' && lastEnding.code !== 'UNLINKED' && holds(state, lastEnding, now)) {
    return park(state, lastEnding.code, lastEnding.params, lastEnding.retryAt);
  }
  return outlet.autoReconnect ? openLogin(state, 'RECONNECTING') : rest(state, 'AUTO_RECONNECT_OFF');
}

/** Without credentials: why there are none, and what came of trying to link. A cause that is known says more than codes that ran out. */
function restUnlinked(unlinked: SessionState, now: number): Transition {
  const settled = withoutLink({ ...unlinked, sessionName: null }, now);
  const { phase } = settled.state;
  const method = ranOutBy(unlinked.tries, unlinked.outlet);
  if (method === null || (phase.name !== 'resting' && phase.name !== 'parked')) return settled;
  const after: Phase =
    phase.code === 'NEVER_LINKED'
      ? { name: 'expired', method }
      : { ...phase, params: { ...phase.params, ranOut: method } };
  return { ...settled, state: { ...settled.state, phase: after } };
}

function withoutLink(state: SessionState, now: number): Transition {
  const { lastEnding, everLinked, outlet, tries } = state;
  if (tries.refusal !== null && holds(state, tries.refusal, now)) return parkBy(state, tries.refusal);
  if (lastEnding === null) return rest(state, everLinked ? 'UNLINKED' : 'NEVER_LINKED');
  const { code, params } = lastEnding;
  // The stranger's phone that was sent away turned out to be the outlet's.
  const isOurs = code === 'WRONG_NUMBER' && sameNumber(params.number ?? '', outlet.number);
  if (code === 'UNLINKED' || isOurs || !holds(state, lastEnding, now)) return rest(state, 'UNLINKED');
  return parkBy(state, lastEnding);
}

function parkBy(state: SessionState, { code, params, retryAt }: Ending): Transition {
  return code === 'UNLINKED' ? rest(state, code) : park(state, code, params, retryAt);
}

/** Whether an ending still says something true of this outlet as it is now. */
function holds({ outlet, skew }: SessionState, { code, number, retryAt }: Ending, now: number): boolean {
  if (retryAt !== null && retryAt <= now + skew) return false;
  return !OF_THE_ACCOUNT.has(code) || sameNumber(number, outlet.number);
}

/** No one scanned, for as long as there were codes to scan. */
export function expire(state: SessionState, method: LinkMethod, now: number): Transition {
  if (isBeside(state)) return settle(state, now);
  const ranOut = { method, number: state.outlet.number };
  return settle({ ...state, tries: { ...state.tries, ranOut } }, now);
}

/** A person asks again: what kept Koneksi from trying by itself does so no more, also after a restart. */
export function overridden(state: SessionState, now: number): SessionState {
  const { lastEnding, skew } = state;
  if (lastEnding?.link !== 'kept') return state;
  return { ...state, lastEnding: { ...lastEnding, retryAt: Math.min(lastEnding.at, Math.round(now + skew)) } };
}
