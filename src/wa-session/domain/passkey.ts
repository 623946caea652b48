import type { PasskeyAssertion, PasskeyChange, PasskeyOptions, PasskeyRequest } from '@koneksi/contracts/passkey';
import type { CloseCause } from './close-cause.js';
import { isBeside } from './beside.js';
import { park, stay } from './moves.js';
import type { RefusalCode, Transition } from './session-event.js';
import type { Ceremony, CeremonyStep, PasskeyRefusal, Phase, SessionState } from './session-state.js';

/** How long WhatsApp takes an assertion for what it asked (tulir/whatsmeow `pair-passkey.go`). */
const CEREMONY_MS = 5 * 60_000;
/** How long WhatsApp and the phone may take over one step. */
const STEP_WITHIN_MS = 25_000;
/** After the second refusal, and so much more after each further one; the first slip costs nothing. */
const COOL_DOWN_MS = 5_000;

type Parked = Phase & { name: 'parked' };

/** What comes of a step, for whoever asked for it. */
export type PasskeyOutcome =
  | { kind: 'code'; code: string; expiresAt: number }
  | { kind: 'linked' }
  | { kind: 'refused'; code: PasskeyRefusal }
  /** It ended meanwhile. */
  | { kind: 'over' };

export const ceremonyOf = ({ phase }: SessionState): Ceremony | null =>
  phase.name === 'parked' ? (phase.ceremony ?? null) : null;

const withStep = (state: SessionState, step: CeremonyStep, more: Partial<Ceremony> = {}): SessionState => {
  const phase = state.phase as Parked;
  return { ...state, phase: { ...phase, ceremony: { ...phase.ceremony!, ...more, step } } };
};

const isLoggingIn = (state: SessionState): boolean => state.linkedNumber !== null && !isBeside(state);

/** Told as before, in the moment it comes; the connection stays, should somebody have the passkey at hand. */
export function passkeyDemanded(state: SessionState, now: number): Transition {
  if (isLoggingIn(state) || ceremonyOf(state)) return stay(state);
  return stay(begun(state, null, now));
}

/** A new demand replaces the last; the same one told again does nothing to what has begun. */
export function passkeyAsked(state: SessionState, options: PasskeyOptions | null, now: number): Transition {
  if (isLoggingIn(state)) return stay(state);
  if (options === null) return park(state, 'PASSKEY_REQUIRED');
  if (ceremonyOf(state)?.options?.challenge === options.challenge) return stay(state);
  return stay(begun(state, options, now));
}

function begun(state: SessionState, options: PasskeyOptions | null, now: number): SessionState {
  const step = { name: 'asked', refused: null } as const;
  const ceremony: Ceremony = { options, endsAt: now + CEREMONY_MS, refusals: 0, nextTryAt: now, step };
  return { ...state, phase: { name: 'parked', code: 'PASSKEY_REQUIRED', params: {}, retryAt: null, ceremony } };
}

/** The demand stays told; only the wait for it is over. */
export function endCeremony(state: SessionState): Transition {
  const { code, params, retryAt } = state.phase as Parked;
  return park(state, code, params, retryAt);
}

const refuse = (state: SessionState, refusal: RefusalCode): Transition => ({ ...stay(state), refusal });

export function handIn(state: SessionState, assertion: PasskeyAssertion, now: number): Transition {
  const ceremony = ceremonyOf(state);
  if (!ceremony?.options) return refuse(state, 'PASSKEY_NOT_ASKED');
  if (ceremony.step.name === 'proving' || ceremony.step.name === 'confirming') return refuse(state, 'PASSKEY_BUSY');
  if (challengeOf(assertion) !== ceremony.options.challenge) return refuse(state, 'PASSKEY_OUTDATED');
  // WhatsApp took one, and somebody may be comparing: the code stays what it is, and whoever asks again gets it.
  if (ceremony.step.name === 'comparing') return stay(state);
  if (now < ceremony.nextTryAt) return refuse(state, 'TOO_MANY_ATTEMPTS');
  return stay(withStep(state, { name: 'proving', answerBy: now + STEP_WITHIN_MS }), {
    type: 'prove-passkey',
    assertion,
  });
}

/** A person said that nothing stands between Koneksi and the phone, by the code they saw. */
export function confirm(state: SessionState, code: string, now: number): Transition {
  const ceremony = ceremonyOf(state);
  if (!ceremony) return refuse(state, 'PASSKEY_NOT_ASKED');
  if (ceremony.step.name === 'proving' || ceremony.step.name === 'confirming') return refuse(state, 'PASSKEY_BUSY');
  if (ceremony.step.name !== 'comparing') return refuse(state, 'PASSKEY_NOT_COMPARED');
  if (ceremony.step.code !== code) return refuse(state, 'PASSKEY_CODE_REPLACED');
  const step = { name: 'confirming', answerBy: now + STEP_WITHIN_MS } as const;
  return stay(withStep(state, step), { type: 'confirm-passkey', code });
}

export function giveUpPasskey(state: SessionState): Transition {
  return ceremonyOf(state) ? endCeremony(state) : refuse(state, 'PASSKEY_NOT_ASKED');
}

/** The phone may go on later than anybody waited for it. */
export function codeKnown(state: SessionState, code: string): Transition {
  return ceremonyOf(state) ? stay(withStep(state, { name: 'comparing', code })) : stay(state);
}

export function stepRefused(state: SessionState, code: PasskeyRefusal | 'PASSKEY_EXPIRED', now: number): Transition {
  const ceremony = ceremonyOf(state);
  if (!ceremony) return stay(state);
  if (code === 'PASSKEY_EXPIRED') return endCeremony(state);
  const refusals = ceremony.refusals + 1;
  const nextTryAt = now + COOL_DOWN_MS * (refusals - 1);
  return stay(withStep(state, { name: 'asked', refused: code }, { refusals, nextTryAt }));
}

/** When the clock moves it next. */
export function ceremonyEndsAt({ endsAt, step }: Ceremony): number {
  return 'answerBy' in step ? Math.min(endsAt, step.answerBy) : endsAt;
}

export function ceremonyDue(state: SessionState, ceremony: Ceremony, now: number): Transition {
  return ceremony.endsAt <= now ? endCeremony(state) : stepRefused(state, 'PASSKEY_UNANSWERED', now);
}

/** What WhatsApp says of the account or of us tells more than that it asked for a passkey. */
const SAYS_MORE: ReadonlySet<CloseCause['kind']> = new Set([
  'restricted',
  'blocked',
  'banned',
  'outdated',
  'misconfigured',
] satisfies CloseCause['kind'][]);

export const saysMore = (cause: CloseCause): boolean => SAYS_MORE.has(cause.kind);

/** `undefined` while it is not yet known. */
export function passkeyOutcome(state: SessionState): PasskeyOutcome | undefined {
  const { phase, skew } = state;
  if (phase.name === 'linking' || phase.name === 'online') return { kind: 'linked' };
  const ceremony = ceremonyOf(state);
  if (!ceremony) return { kind: 'over' };
  const { step, endsAt } = ceremony;
  switch (step.name) {
    case 'proving':
    case 'confirming':
      return undefined;
    case 'comparing':
      return { kind: 'code', code: step.code, expiresAt: Math.round(endsAt + skew) };
    case 'asked':
      return step.refused ? { kind: 'refused', code: step.refused } : { kind: 'over' };
  }
}

const TOLD: Record<CeremonyStep['name'], NonNullable<PasskeyChange['step']>> = {
  asked: 'asked',
  proving: 'checking',
  comparing: 'comparing',
  confirming: 'checking',
};

/** Where it stands, with nothing that is secret. */
export function toPasskeyChange(state: SessionState): PasskeyChange {
  const ceremony = ceremonyOf(state);
  const { outletId, skew } = state;
  if (!ceremony?.options) return { outletId, expiresAt: null, step: null };
  const expiresAt = new Date(Math.round(ceremony.endsAt + skew)).toISOString();
  return { outletId, expiresAt, step: TOLD[ceremony.step.name] };
}

/** What is asked for, with where it stands; `null` before that is known. */
export function toPasskeyRequest({ options, endsAt, step }: Ceremony, skew: number): PasskeyRequest | null {
  if (!options) return null;
  const code = step.name === 'comparing' ? step.code : null;
  return { options, expiresAt: new Date(Math.round(endsAt + skew)).toISOString(), step: TOLD[step.name], code };
}

/** The challenge an assertion was made for, in the one way of writing it; `null` where it names none. */
function challengeOf({ response }: PasskeyAssertion): string | null {
  try {
    const told = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString('utf8')) as unknown;
    const { challenge } = (told ?? {}) as { challenge?: unknown };
    return typeof challenge === 'string' ? challenge : null;
  } catch {
    // No client data at all.
    return null;
  }
}
