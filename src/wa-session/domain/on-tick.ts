import { STABLE_AFTER_MS } from './backoff.js';
import { openLink, openLogin, parted, stay } from './moves.js';
import { lost } from './on-connection.js';
import { codeGoesAt, replaceCode } from './pairing-code.js';
import { ceremonyDue, ceremonyEndsAt } from './passkey.js';
import { settle } from './settle.js';
import type { Transition } from './session-event.js';
import type { SessionState } from './session-state.js';

/** When the machine next wants to be woken; `null` where only an event can move it. */
export function wakeAt(state: SessionState): number | null {
  const [phase, facts] = [phaseEndsAt(state), factsChangeAt(state)];
  return phase === null || facts === null ? (phase ?? facts) : Math.min(phase, facts);
}

const factsChangeAt = ({ facts: { changesAt }, skew }: SessionState): number | null =>
  changesAt === null ? null : changesAt - skew;

function phaseEndsAt({ phase, failures, skew }: SessionState): number | null {
  switch (phase.name) {
    case 'waiting':
      return phase.retryAt;
    case 'parked':
      if (phase.ceremony) return ceremonyEndsAt(phase.ceremony);
      return phase.retryAt === null ? null : phase.retryAt - skew;
    case 'opening':
      return phase.openBy;
    case 'pairing':
      return codeGoesAt(phase);
    case 'linking':
    case 'parting':
      return phase.until;
    case 'online':
      return failures > 0 ? phase.openedAt + STABLE_AFTER_MS : null;
    default:
      return null;
  }
}

function retry(state: SessionState, phase: SessionState['phase'] & { name: 'waiting' }): Transition {
  const { purpose, method, detail } = phase;
  const code = phase.code === 'WAITING_TURN' ? (phase.then ?? 'RECONNECTING') : phase.code;
  return purpose === 'login' ? openLogin(state, code, detail, method) : openLink(state, method, code, detail);
}

export function onTick(state: SessionState, now: number): Transition {
  const due = phaseEndsAt(state);
  if (due === null || due > now) return stay(state);
  const { phase } = state;
  switch (phase.name) {
    case 'waiting':
      // An outage is told once and stays told until an attempt succeeds, not anew with every attempt.
      return retry(state, phase);
    case 'parked':
      return phase.ceremony ? ceremonyDue(state, phase.ceremony, now) : settle(state, now);
    case 'opening':
      // Login accepted and then nothing: Baileys would wait for ever.
      return lost(state, now, { code: 'WHATSAPP_UNREACHABLE', detail: 'no answer' });
    case 'pairing':
      return replaceCode(state, phase);
    case 'linking':
      return openLogin(state, 'LINKING');
    case 'parting':
      return parted(state, false, now);
    case 'online':
      return stay({ ...state, failures: 0 });
    default:
      return stay(state);
  }
}
