import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import { backoff, draw } from './backoff.js';
import { isBeside } from './beside.js';
import { owing } from './owed-leaves.js';
import type { Effect, Transition } from './session-event.js';
import type {
  Ending,
  LinkMethod,
  OpeningCode,
  ParkCode,
  RestCode,
  SessionState,
  WaitingCode,
} from './session-state.js';

/** The moves every event handler is made of. */
export const stay = (state: SessionState, ...effects: Effect[]): Transition => ({ state, effects });

/** Leaves whatever socket there is behind; the number makes its late words void. */
const away = (state: SessionState): SessionState => ({ ...state, connection: state.connection + 1 });

export function rest(state: SessionState, code: RestCode, params?: ReasonParams): Transition {
  const phase = { name: 'resting' as const, code, ...(params && { params }) };
  return { state: { ...away(state), phase, failures: 0 }, effects: [{ type: 'close' }] };
}

/** Until a leave that could not be taken is tried again. Seconds. */
export const LEAVE_OWED_IN_S = 1;

/** After a logout. Where WhatsApp could not be told, the phone goes on listing the device, and people must know. */
export function parted(state: SessionState, told: boolean, now: number): Transition {
  const lastEnding = unlinking(state, now);
  const owed = told ? state.owed : owing(state.owed, lastEnding.number, lastEnding.at);
  const unlinked = { ...state, linkedNumber: null, sessionName: null, lastEnding, owed };
  const rested = rest(unlinked, state.outlet.isActive ? 'UNLINKED' : 'INACTIVE');
  return {
    ...rested,
    effects: [...rested.effects, told ? { type: 'quarantine' } : { type: 'quarantine', owedInS: LEAVE_OWED_IN_S }],
  };
}

/** The link that ends because we end it. */
export function unlinking({ linkedNumber, outlet, skew }: SessionState, now: number): Ending {
  const number = linkedNumber ?? outlet.number;
  return { code: 'UNLINKED', params: {}, at: Math.round(now + skew), number, link: 'gone', retryAt: null };
}

export function pause(state: SessionState, by: string, at: number): Transition {
  return { state: { ...away(state), phase: { name: 'paused', by, at }, failures: 0 }, effects: [{ type: 'close' }] };
}

export function park(
  state: SessionState,
  code: ParkCode,
  params: ReasonParams = {},
  retryAt: number | null = null,
): Transition {
  return { state: { ...away(state), phase: { name: 'parked', code, params, retryAt } }, effects: [{ type: 'close' }] };
}

/**
 * A phone that is not the outlet's is left, by what is owed to it: a kill must not leave a device there.
 * @param owedInS until that is tried
 */
export function sendAway(state: SessionState, number: string, owedInS: number, now: number): Transition {
  const params = { number };
  const parked = park({ ...state, linkedNumber: null, sessionName: null }, 'WRONG_NUMBER', params);
  const ended = { ...unlinking(state, now), code: 'WRONG_NUMBER', params } as const;
  return {
    state: { ...parked.state, lastEnding: ended },
    effects: [{ type: 'quarantine', owedInS }, ...parked.effects],
  };
}

function open(
  state: SessionState,
  purpose: 'link' | 'login',
  method: LinkMethod,
  code: OpeningCode,
  detail: string | null,
): Transition {
  const connection = state.connection + 1;
  const phase = { name: 'opening' as const, purpose, method, code, detail, openBy: null };
  const opening = { ...state, connection, phase };
  return {
    state: opening,
    effects: [{ type: 'open', connection, purpose, method, ...(isBeside(opening) && { beside: true as const }) }],
  };
}

/** @param method by what a person would link it, should that be needed */
export const openLogin = (
  state: SessionState,
  code: OpeningCode,
  detail: string | null = null,
  method: LinkMethod = 'qr',
): Transition => open(state, 'login', method, code, detail);

export const openLink = (
  state: SessionState,
  method: LinkMethod,
  code: OpeningCode = 'PAIRING',
  detail: string | null = null,
): Transition => open(state, 'link', method, code, detail);

/** Ends the attempt and waits for the next; at least `floorMs`, at most the backoff's ceiling. */
export function waitForRetry(
  state: SessionState,
  now: number,
  want: {
    purpose: 'link' | 'login';
    method: LinkMethod;
    code: WaitingCode;
    detail: string | null;
    floorMs?: number;
    ceilingMs?: number;
  },
): Transition {
  const { chance, seed } = draw(state.seed);
  const delay = Math.min(backoff(state.failures, chance), want.ceilingMs ?? Infinity) + (want.floorMs ?? 0);
  const { purpose, method, code, detail } = want;
  return {
    state: {
      ...away(state),
      seed,
      failures: state.failures + 1,
      phase: { name: 'waiting', purpose, method, code, detail, retryAt: now + delay },
    },
    effects: [{ type: 'close' }],
  };
}
