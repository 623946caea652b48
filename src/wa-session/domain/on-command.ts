import { expire, openLink, openLogin, park, parted, pause, rest, restUnlinked, stay, waitForRetry } from './moves.js';
import { sameNumber } from './same-number.js';
import type { SessionCommand, Transition } from './session-event.js';
import type { LinkMethod, OutletSettings, ParkCode, SessionState } from './session-state.js';
import type { SessionRecord } from './session-record.js';
import { onTick } from './on-tick.js';

/** From a logout until WhatsApp knows of it, before the phone's owner is told to remove the device. */
export const PART_WITHIN_MS = 30_000;

/** CONFIG_ERROR by a token that expired, is not valid or not found. */
const REFUSED_LINKS: ReadonlySet<string> = new Set(['413', '414', '415']);

/** What a person, the reconciler or the process asks. Every verb is safe to press twice. */
export function onCommand(state: SessionState, command: SessionCommand, now: number): Transition {
  switch (command.type) {
    case 'restore':
      return restore(state, command.record, now);
    case 'connect':
      return connect(state, command.method);
    case 'pause':
      return pauseBy(state, command.by, now);
    case 'resume':
      return state.phase.name === 'paused' ? wake(state) : stay(state);
    case 'logout':
      return logout(state, now);
    case 'settings-changed':
      return obey(state, command.outlet);
    case 'watched':
      return stay({ ...state, watched: command.watched });
    case 'tick':
      return onTick(state, now);
    case 'drift-found':
      return stay(state, { type: 'rewrite', found: command.found });
    case 'proof-failed':
      return state.phase.name === 'online'
        ? openLogin({ ...state, failures: state.failures + 1 }, 'DEGRADED')
        : stay(state);
    case 'inbound-stalled':
      return inboundStalled(state, now);
    case 'store-lost':
      return storeLost(state, now);
    case 'store-back':
      return state.phase.name === 'waiting' && state.phase.code === 'STORE_DOWN' ? retryNow(state) : stay(state);
    case 'version-refreshed':
      return command.changed && state.phase.name === 'parked' && state.phase.code === 'OUTDATED'
        ? wake(state)
        : stay(state);
    case 'stop':
      return stop(state, command.unlink);
  }
}

/** Opens, links or rests, by what is stored and set. */
function wake(state: SessionState): Transition {
  if (!state.outlet.isActive) return rest(state, 'INACTIVE');
  if (state.linkedNumber === null) return restUnlinked(state, 'NEVER_LINKED');
  if (!sameNumber(state.linkedNumber, state.outlet.number))
    return park(state, 'WRONG_NUMBER', { number: state.linkedNumber });
  return openLogin(state, 'RECONNECTING');
}

function restore(state: SessionState, record: SessionRecord | null, now: number): Transition {
  const { outlet, linkedNumber } = state;
  if (record?.status === 'PAUSED') {
    return pause(state, record.params.by ?? '', record.params.at ? Date.parse(record.params.at) : now);
  }
  // A logout that the end of the process cut short.
  if (record?.reason === 'UNLINKED' && linkedNumber !== null) return logout(state, now);
  if (!outlet.isActive) return rest(state, 'INACTIVE');
  if (record?.status === 'FAILED' && record.reason !== null) {
    return park(state, record.reason as ParkCode, record.params, record.nextRetryAt);
  }
  if (linkedNumber === null) {
    if (record?.reason === 'QR_EXPIRED') return expire(state, record.params.method ?? 'qr');
    if (record?.reason === 'UNLINKED') return restUnlinked(state, 'UNLINKED', record.params.detail);
    return restUnlinked(state, 'NEVER_LINKED');
  }
  return outlet.autoReconnect ? wake(state) : rest(state, 'AUTO_RECONNECT_OFF');
}

function connect(state: SessionState, method: LinkMethod): Transition {
  const { phase, outlet, linkedNumber } = state;
  if (!outlet.isActive) return { ...stay(state), refusal: 'OUTLET_INACTIVE' };
  if (phase.name === 'paused') return { ...stay(state), refusal: 'OUTLET_PAUSED' };
  if (phase.name === 'online') return method === 'qr' ? stay(state) : { ...stay(state), refusal: 'ALREADY_LINKED' };
  if (phase.name === 'linking') return stay(state);
  const fresh = { ...state, failures: 0, qrRounds: 0 };
  if (phase.name === 'parting') return linkAnew(fresh, method);
  if (phase.name === 'pairing') return addMethod(fresh, phase, method);
  if (linkedNumber !== null) {
    if (!sameNumber(linkedNumber, outlet.number) || isDead(phase)) return linkAnew(fresh, method);
    return phase.name === 'opening' ? stay(state) : openLogin(fresh, 'RECONNECTING');
  }
  if (phase.name === 'opening' && phase.purpose === 'link') {
    return stay({ ...fresh, phase: { ...phase, method: method === 'qr' ? phase.method : method } });
  }
  return openLink(fresh, method);
}

/** Whether WhatsApp refused the stored link itself: every login by it would be refused alike, and only a new one mends that. */
function isDead(phase: SessionState['phase']): boolean {
  if (phase.name !== 'parked') return false;
  return phase.code === 'BLOCKED' || (phase.code === 'CONFIG_ERROR' && REFUSED_LINKS.has(phase.params.detail ?? ''));
}

/** Leaves the stored link aside for a new one. */
function linkAnew(state: SessionState, method: LinkMethod): Transition {
  const opened = openLink({ ...state, linkedNumber: null, sessionName: null }, method);
  return { ...opened, effects: [{ type: 'quarantine' }, ...opened.effects] };
}

function pauseBy(state: SessionState, by: string, now: number): Transition {
  if (state.phase.name === 'paused') return stay(state);
  if (state.phase.name !== 'parting') return pause(state, by, now);
  const left = parted(state, false);
  const paused = pause(left.state, by, now);
  return { ...paused, effects: [...left.effects, ...paused.effects] };
}

/** A code can be asked for beside the QR on the same connection; either then links. */
function addMethod(
  state: SessionState,
  phase: SessionState['phase'] & { name: 'pairing' },
  method: LinkMethod,
): Transition {
  if (method === 'qr' || phase.method === 'pairing-code') return stay(state);
  return stay({ ...state, phase: { ...phase, method } }, { type: 'request-code', connection: state.connection });
}

/** Where no socket is up, one login is made to take leave: a device nobody removes stays listed on the phone. */
function logout(state: SessionState, now: number): Transition {
  const { phase } = state;
  if (phase.name === 'parting') return stay(state);
  if (state.linkedNumber === null) {
    return phase.name === 'resting' ? stay(state) : parted(state, true);
  }
  const parting = { name: 'parting', until: now + PART_WITHIN_MS } as const;
  if (phase.name === 'online') return stay({ ...state, phase: parting }, { type: 'part' });
  const opening = openLogin(state, 'RECONNECTING');
  return { ...opening, state: { ...opening.state, phase: parting } };
}

function obey(state: SessionState, outlet: OutletSettings): Transition {
  const next = { ...state, outlet };
  const { phase, linkedNumber } = next;
  if (phase.name === 'paused' || phase.name === 'parting') return stay(next);
  if (!outlet.isActive)
    return phase.name === 'resting' && phase.code === 'INACTIVE' ? stay(next) : rest(next, 'INACTIVE');
  if (!state.outlet.isActive)
    return outlet.autoReconnect || linkedNumber === null ? wake(next) : rest(next, 'AUTO_RECONNECT_OFF');
  if (linkedNumber !== null && !sameNumber(linkedNumber, outlet.number)) {
    return park(next, 'WRONG_NUMBER', { number: linkedNumber });
  }
  if (phase.name === 'parked' && phase.code === 'WRONG_NUMBER' && linkedNumber !== null) return wake(next);
  if (outlet.autoReconnect && phase.name === 'resting' && phase.code === 'AUTO_RECONNECT_OFF') return wake(next);
  if (!outlet.autoReconnect && phase.name === 'waiting' && phase.purpose === 'login')
    return rest(next, 'AUTO_RECONNECT_OFF');
  return stay(next);
}

const RESTING: ReadonlySet<string> = new Set(['resting', 'paused', 'parked', 'expired', 'parting']);

/** A connection that reads no mail any more is replaced; what it did not read comes again. */
function inboundStalled(state: SessionState, now: number): Transition {
  if (state.phase.name !== 'online') return stay(state);
  const facts = { ...state.facts, stalledAt: Math.round(now) };
  const opening = openLogin({ ...state, failures: state.failures + 1, facts }, 'DEGRADED');
  return { ...opening, effects: [{ type: 'note-stall' }, ...opening.effects] };
}

/** Without its store a socket would answer WhatsApp with keys it cannot keep; the server queues mail for us instead. */
function storeLost(state: SessionState, now: number): Transition {
  const { phase } = state;
  if (RESTING.has(phase.name)) return stay(state);
  if (phase.name === 'waiting' && phase.code === 'STORE_DOWN') return stay(state);
  const purpose = state.linkedNumber === null ? 'link' : 'login';
  const method = 'method' in phase ? phase.method : 'qr';
  return waitForRetry(state, now, { purpose, method, code: 'STORE_DOWN', detail: null });
}

function retryNow(state: SessionState): Transition {
  const { phase } = state;
  if (phase.name !== 'waiting') return stay(state);
  return phase.purpose === 'login' ? openLogin(state, 'RECONNECTING') : openLink(state, phase.method);
}

function stop(state: SessionState, unlink: boolean): Transition {
  const told = unlink && state.phase.name === 'online' ? [{ type: 'unlink' } as const] : [];
  return { state: { ...state, connection: state.connection + 1 }, effects: [...told, { type: 'close' }] };
}
