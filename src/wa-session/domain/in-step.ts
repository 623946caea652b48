import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import type { CodeLimit, CodeRefusal, Ending, LinkTries, Phase, SessionState, ShownQr } from './session-state.js';

/**
 * The state by a clock that may have been set. What takes its time takes as long as before, so it ends at another
 * instant: a code on show, and the wait until Koneksi tries again. How long ago the phone
 * agreed, or was heard of, stays as long ago; while this machine sleeps, nobody listens.
 */
export function inStep(state: SessionState, skew: number): SessionState {
  const by = skew - state.skew;
  if (by === 0) return state;
  return {
    ...state,
    skew,
    phase: phaseInStep(state.phase, by),
    lastEnding: state.lastEnding && endingInStep(state.lastEnding, by),
    tries: triesInStep(state.tries, by),
    codeRefused: state.codeRefused && refusalInStep(state.codeRefused, by),
    linkedAt: later(state.linkedAt, by),
    facts: {
      ...state.facts,
      phoneSeenAt: later(state.facts.phoneSeenAt, by),
      listeningSince: later(state.facts.listeningSince, by),
    },
  };
}

const later = (at: number | null, by: number): number | null => (at === null ? null : Math.round(at + by));

function phaseInStep(phase: Phase, by: number): Phase {
  if (phase.name === 'parked') return { ...phase, ...waitInStep(phase, by) };
  if (phase.name !== 'pairing') return phase;
  const { qr, pairingCode } = phase;
  return { ...phase, qr: moved(qr, by), pairingCode: moved(pairingCode, by) };
}

const moved = (code: ShownQr | null, by: number): ShownQr | null => code && { ...code, expiresAt: code.expiresAt + by };

interface Wait {
  code: string;
  params: ReasonParams;
  retryAt: number | null;
}

/**
 * A wait of our own takes as long as we say. One that WhatsApp sets goes on while this machine sleeps, which looks like a
 * clock that is set ahead; a clock that goes back was only set, and WhatsApp's wait is no longer for that.
 */
function waitInStep({ code, params, retryAt }: Wait, by: number): Pick<Wait, 'params' | 'retryAt'> {
  if (retryAt === null || (code === 'RESTRICTED' && by > 0)) return { params, retryAt };
  const until = Date.parse(params.until ?? '') + by;
  return {
    params: Number.isNaN(until) ? params : { ...params, until: new Date(until).toISOString() },
    retryAt: retryAt + by,
  };
}

const triesInStep = ({ refusal, codeLimit, ...tries }: LinkTries, by: number): LinkTries => ({
  ...tries,
  refusal: refusal && endingInStep(refusal, by),
  codeLimit: codeLimit && limitInStep(codeLimit, by),
});

const limitInStep = (limit: CodeLimit, by: number): CodeLimit =>
  by > 0 ? limit : { ...limit, at: limit.at + by, until: limit.until + by };

function endingInStep(ending: Ending, by: number): Ending {
  const wait = waitInStep(ending, by);
  return wait.retryAt === ending.retryAt ? ending : { ...ending, ...wait, at: ending.at + by };
}

const refusalInStep = (refusal: CodeRefusal, by: number): CodeRefusal =>
  refusal.retryAt === null || by > 0 ? refusal : { ...refusal, retryAt: refusal.retryAt + by };

/**
 * An ending as a row tells it. What claims to be of the future is of before the clock was set back: its wait was for so
 * long, and is for no longer.
 */
export function inThePresent(ending: Ending, wall: number): Ending {
  return ending.at <= wall ? ending : { ...endingInStep(ending, Math.round(wall - ending.at)), at: Math.round(wall) };
}

/** The same of what WhatsApp said of codes. */
export const limitInThePresent = (limit: CodeLimit, wall: number): CodeLimit =>
  limit.at <= wall ? limit : limitInStep(limit, Math.round(wall - limit.at));
