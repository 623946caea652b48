import { expire, openLink, openLogin, park, pause, rest, restUnlinked, stay, waitForRetry } from './moves.js';
import { sameNumber } from './same-number.js';
import type { SessionCommand, Transition } from './session-event.js';
import type { LinkMethod, OutletSettings, ParkCode, SessionState } from './session-state.js';
import type { SessionRecord } from './session-record.js';
import { onTick } from './on-tick.js';

/** What a person, the reconciler or the process asks. Every verb is safe to press twice. */
export function onCommand(state: SessionState, command: SessionCommand, now: number): Transition {
  switch (command.type) {
    case 'restore':
      return restore(state, command.record, now);
    case 'connect':
      return connect(state, command.method);
    case 'pause':
      return state.phase.name === 'paused' ? stay(state) : pause(state, command.by, now);
    case 'resume':
      return state.phase.name === 'paused' ? wake(state) : stay(state);
    case 'logout':
      return logout(state);
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
  if (!outlet.isActive) return rest(state, 'INACTIVE');
  if (record?.status === 'PAUSED') {
    return pause(state, record.params.by ?? '', record.params.at ? Date.parse(record.params.at) : now);
  }
  if (record?.status === 'FAILED' && record.reason !== null) {
    return park(state, record.reason as ParkCode, record.params, record.nextRetryAt);
  }
  if (linkedNumber === null) {
    if (record?.reason === 'QR_EXPIRED') return expire(state);
    return restUnlinked(state, record?.reason === 'UNLINKED' ? 'UNLINKED' : 'NEVER_LINKED');
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
  if (phase.name === 'pairing') return addMethod(fresh, phase, method);
  if (linkedNumber !== null) {
    if (!sameNumber(linkedNumber, outlet.number)) {
      const unlinked = { ...fresh, linkedNumber: null, sessionName: null };
      const opened = openLink(unlinked, method);
      return { ...opened, effects: [{ type: 'quarantine' }, ...opened.effects] };
    }
    return phase.name === 'opening' ? stay(state) : openLogin(fresh, 'RECONNECTING');
  }
  if (phase.name === 'opening' && phase.purpose === 'link') {
    return stay({ ...fresh, phase: { ...phase, method: method === 'qr' ? phase.method : method } });
  }
  return openLink(fresh, method);
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

function logout(state: SessionState): Transition {
  const { phase } = state;
  if (phase.name === 'resting' && state.linkedNumber === null) return stay(state);
  const told = phase.name === 'online' ? [{ type: 'unlink' } as const] : [];
  const rested = state.outlet.isActive
    ? restUnlinked(state, 'UNLINKED')
    : rest({ ...state, linkedNumber: null, sessionName: null }, 'INACTIVE');
  return { ...rested, effects: [...told, ...rested.effects, { type: 'quarantine' }] };
}

function obey(state: SessionState, outlet: OutletSettings): Transition {
  const next = { ...state, outlet };
  const { phase, linkedNumber } = next;
  if (!outlet.isActive)
    return phase.name === 'resting' && phase.code === 'INACTIVE' ? stay(next) : rest(next, 'INACTIVE');
  if (!state.outlet.isActive)
    return outlet.autoReconnect || linkedNumber === null ? wake(next) : rest(next, 'AUTO_RECONNECT_OFF');
  if (linkedNumber !== null && !sameNumber(linkedNumber, outlet.number)) {
    return phase.name === 'paused' ? stay(next) : park(next, 'WRONG_NUMBER', { number: linkedNumber });
  }
  if (phase.name === 'parked' && phase.code === 'WRONG_NUMBER' && linkedNumber !== null) return wake(next);
  if (outlet.autoReconnect && phase.name === 'resting' && phase.code === 'AUTO_RECONNECT_OFF') return wake(next);
  if (!outlet.autoReconnect && phase.name === 'waiting' && phase.purpose === 'login')
    return rest(next, 'AUTO_RECONNECT_OFF');
  return stay(next);
}

/** Without its store a socket would answer WhatsApp with keys it cannot keep; the server queues mail for us instead. */
function storeLost(state: SessionState, now: number): Transition {
  const { phase } = state;
  if (phase.name === 'resting' || phase.name === 'paused' || phase.name === 'parked' || phase.name === 'expired')
    return stay(state);
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
