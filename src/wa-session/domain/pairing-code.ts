import { openLink, stay } from './moves.js';
import { sameNumber } from './same-number.js';
import type { Transition } from './session-event.js';
import type { CodeRefusal, LinkMethod, OutletSettings, Phase, SessionState } from './session-state.js';

/** A code is taken away or replaced while it still has this long to live: nobody types eight characters faster. */
export const CODE_LEFT_MS = 15_000;
/** On a connection with less to live a code is not even asked for: it would be replaced before it was typed. */
const CODE_WORTH_MS = 30_000;
/** WhatsApp gives about seven codes an hour for a number; nobody's page may use them all up. */
const MAX_CODE_ROUNDS = 3;
const MAX_QR_ROUNDS = 5;
/** Where WhatsApp limits codes without saying for how long: it counts by the hour (avoylenko/wwebjs-api#91). */
const LIMITED_FOR_S = 3_600;

type Pairing = Phase & { name: 'pairing' };

/** Whether another round of codes is shown without a person asking anew: only while someone looks, and not for ever. */
export function mayGoOn({ watched, qrRounds }: SessionState, method: LinkMethod): boolean {
  return watched && qrRounds < (method === 'qr' ? MAX_QR_ROUNDS : MAX_CODE_ROUNDS);
}

/** Why WhatsApp would refuse a code for this number without being asked; `null` where nobody knows. */
export function limitOf({ tries: { codeLimit }, outlet, skew }: SessionState, now: number): CodeRefusal | null {
  const holds = codeLimit && codeLimit.until > now + skew && sameNumber(codeLimit.number, outlet.number);
  return holds ? { code: 'PAIRING_CODE_LIMITED', retryAt: codeLimit.until, ...guess(codeLimit.guessed) } : null;
}

/** Whose word a time is must outlive it: what nobody said is never told as WhatsApp's. */
const guess = (isGuess: boolean | undefined): { guessed?: true } => (isGuess ? { guessed: true } : {});

/** A code can be asked for beside the QR on the same connection; either then links. It dies with its connection. */
export function askForCode(state: SessionState, phase: Pairing, now: number): Transition {
  if (phase.asked || phase.pairingCode) return stay(state);
  const limit = limitOf(state, now);
  if (limit) return stay({ ...state, codeRefused: limit, phase: { ...phase, method: 'qr' } });
  if (phase.endsAt - now < CODE_WORTH_MS) return openLink(state, 'pairing-code');
  return stay(
    { ...state, codeRefused: null, phase: { ...phase, method: 'pairing-code', asked: true } },
    { type: 'request-code', connection: state.connection },
  );
}

export function codeGiven(state: SessionState, text: string, now: number): Transition {
  const { phase } = state;
  if (phase.name !== 'pairing') return stay(state);
  const given = { ...phase, asked: false, pairingCode: { text, expiresAt: phase.endsAt + state.skew } };
  const next = { ...state, codeRefused: null, phase: given };
  return phase.endsAt - now > CODE_LEFT_MS ? stay(next) : replaceCode(next, given);
}

/** The QR goes on: it links all the same. */
export function codeRefused(
  state: SessionState,
  code: CodeRefusal['code'],
  seconds: number | null,
  now: number,
): Transition {
  const { phase } = state;
  if (phase.name !== 'pairing') return stay(state);
  const at = Math.round(now + state.skew);
  const retryAt = code === 'PAIRING_CODE_LIMITED' ? at + (seconds ?? LIMITED_FOR_S) * 1_000 : null;
  const { number } = state.outlet;
  const whose = guess(retryAt !== null && seconds === null);
  return stay({
    ...state,
    codeRefused: { code, retryAt, ...whose },
    ...(retryAt !== null && { tries: { ...state.tries, codeLimit: { number, at, until: retryAt, ...whose } } }),
    phase: { ...phase, method: 'qr', asked: false, pairingCode: null },
  });
}

/** When the code on show must make room; `null` where none is shown. */
export function codeGoesAt({ pairingCode, endsAt }: Pairing): number | null {
  return pairingCode && endsAt - CODE_LEFT_MS;
}

/** The next code where someone looks; else the old one is only taken away. */
export function replaceCode(state: SessionState, phase: Pairing): Transition {
  if (mayGoOn(state, 'pairing-code')) return openLink(state, 'pairing-code');
  return stay({ ...state, phase: { ...phase, pairingCode: null } });
}

/** Somebody looks again at an outlet whose code was taken away meanwhile. */
export function watchedAgain(state: SessionState, now: number): Transition {
  const { phase } = state;
  const isWanted = phase.name === 'pairing' && phase.method === 'pairing-code' && mayGoOn(state, 'pairing-code');
  return isWanted ? askForCode(state, phase, now) : stay(state);
}

/** A code is bound to the number it was asked for: no phone with the new one could type it. */
export function followNumber(state: SessionState, before: OutletSettings): Transition {
  const { phase, outlet } = state;
  const isBound = phase.name === 'pairing' && (phase.asked || phase.pairingCode !== null);
  return isBound && !sameNumber(outlet.number, before.number) ? openLink(state, 'pairing-code') : stay(state);
}
