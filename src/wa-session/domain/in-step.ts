import type { SessionState, ShownQr } from './session-state.js';

/** The state by a clock that may have been set: a code on show lives as long as before, so it ends at another instant. */
export function inStep(state: SessionState, skew: number): SessionState {
  const by = skew - state.skew;
  if (by === 0) return state;
  const { phase } = state;
  if (phase.name !== 'pairing') return { ...state, skew };
  const { qr, pairingCode } = phase;
  return { ...state, skew, phase: { ...phase, qr: moved(qr, by), pairingCode: moved(pairingCode, by) } };
}

const moved = (code: ShownQr | null, by: number): ShownQr | null => code && { ...code, expiresAt: code.expiresAt + by };
