import { stay } from './moves.js';
import type { Effect, SessionEvent, Transition } from './session-event.js';
import type { OpeningCode, Opens, SessionState, Urgency, WaitingCode } from './session-state.js';

/** What an open costs until it proves itself, and what of that is given back then. */
const COST = 3;
const REFUND = 2;
/** A login that held this long was worth it; so was a QR that was shown for `QR_PROVED_MS`. */
export const PROVED_MS = 1_000;
const QR_PROVED_MS = 3_000;

/**
 * How much one outlet may use of what the process may. With the burst of 30 it opens four sockets in a row that come to
 * nothing, then one each 15 s; links that were up for a second and dropped come back three times as often.
 */
export const allowanceOf = (burst: number): number => Math.max(2 * COST, Math.floor(burst * 0.4));

export const unspent = (allowance: number): Opens => ({ spent: 0, at: 0, allowance });

/** What an outlet had used up, as its row tells: `at` by the wall. */
export type OpensTold = Pick<Opens, 'spent' | 'at'>;

export const toldOpens = ({ spent, at }: Opens, skew: number): OpensTold => ({ spent, at: Math.round(at + skew) });

/**
 * What is used up of an outlet's allowance when its session begins: no restart and no other claim gives it back. A link
 * that held until then was worth its open.
 */
export function usedBefore(told: OpensTold | null, allowance: number, held: boolean, wall: number, now: number): Opens {
  if (told === null) return unspent(allowance);
  const spent = Math.min(allowance, Math.max(0, told.spent - (held ? REFUND : 0)));
  // By a clock that was set back since it was in the future.
  return { spent, at: Math.min(now, now - (wall - told.at)), allowance };
}

const spentAt = ({ spent, at, allowance }: Opens, now: number): number =>
  Math.max(0, spent - ((now - at) * allowance) / 60_000);

/** When the next socket may be opened; in the past where it may be now. */
export function mayOpenAt(opens: Opens, now: number): number {
  const excess = spentAt(opens, now) + COST - opens.allowance;
  return now + (excess * 60_000) / opens.allowance;
}

const spend = (opens: Opens, cost: number, now: number): Opens => ({
  ...opens,
  spent: Math.max(0, spentAt(opens, now) + cost),
  at: now,
});

/** A login that takes a leave counts as any other of its outlet; `null` where the outlet itself could open none after it. */
export function spentOnLeave(opens: Opens, now: number): Opens | null {
  const after = spend(opens, COST, now);
  return mayOpenAt(after, now) > now ? null : after;
}

export function takeTurnForLeave(state: SessionState, now: number): Transition {
  const opens = spentOnLeave(state.opens, now);
  return opens ? stay({ ...state, opens }) : { ...stay(state), refusal: 'TOO_MANY_ATTEMPTS' };
}

/**
 * Every edge that opens a socket passes here, whoever asked: what exceeds the outlet's allowance waits for its turn.
 * A link that was just made is finished in any case, or the phone would give up.
 */
export function limited(before: SessionState, event: SessionEvent, outcome: Transition, now: number): Transition {
  const opens = hasProved(before, outcome.state, now) ? spend(before.opens, -REFUND, now) : before.opens;
  const state = opens === outcome.state.opens ? outcome.state : { ...outcome.state, opens };
  if (!outcome.effects.some(({ type }) => type === 'open')) return { ...outcome, state };
  const urgency = urgencyOf(before, event, state);
  const at = mayOpenAt(opens, now);
  const { phase } = state;
  if (at <= now || phase.name !== 'opening' || phase.code === 'LINKING') {
    return {
      ...outcome,
      state: { ...state, opens: spend(opens, COST, now) },
      effects: outcome.effects.map(urgent(urgency)),
    };
  }
  const { purpose, method, code, detail } = phase;
  const waiting = {
    name: 'waiting',
    purpose,
    method,
    code: told(code),
    then: code,
    urgency,
    detail,
    retryAt: at,
  } as const;
  return { ...outcome, state: { ...state, phase: waiting }, effects: outcome.effects.map(closing) };
}

const urgent =
  (urgency: Urgency) =>
  (effect: Effect): Effect =>
    effect.type === 'open' ? { ...effect, urgency } : effect;

const closing = (effect: Effect): Effect => (effect.type === 'open' ? { type: 'close' } : effect);

/** An outage that is told stays told. */
const told = (code: OpeningCode): WaitingCode =>
  code === 'WHATSAPP_UNREACHABLE' || code === 'STORE_DOWN' ? code : 'WAITING_TURN';

function hasProved(before: SessionState, after: SessionState, now: number): boolean {
  const { phase } = before;
  if (phase.name === after.phase.name) return false;
  if (phase.name === 'online') return now - phase.openedAt >= PROVED_MS;
  if (phase.name !== 'pairing') return false;
  return after.phase.name === 'linking' || now - before.opens.at >= QR_PROVED_MS;
}

/** People first, then links that just dropped, then all others. */
function urgencyOf(before: SessionState, event: SessionEvent, after: SessionState): Urgency {
  const { phase } = before;
  if (event.type === 'connect' || event.type === 'resume' || event.type === 'logout') return 'person';
  if (after.phase.name === 'opening' && after.phase.code === 'LINKING') return 'person';
  if (phase.name === 'waiting' && phase.urgency) return phase.urgency;
  if (event.type === 'restore') return 'later';
  return after.linkedNumber !== null && after.failures <= 1 ? 'first' : 'later';
}
