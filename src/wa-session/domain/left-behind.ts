import type { Phase, SessionState } from './session-state.js';

const AT_REST: ReadonlySet<Phase['name']> = new Set<Phase['name']>(['resting', 'paused', 'parked', 'expired']);

/**
 * Whether a link that ended may still be where a login finds it: setting it aside has not worked so far, and no new link
 * is being made that would take its place.
 */
export const isLeftBehind = ({ leaving, linkedNumber, phase }: SessionState): boolean =>
  leaving && linkedNumber === null && isAtRest(phase);

/** Whether nothing is open and nothing tried. */
export const isAtRest = (phase: Phase): boolean =>
  AT_REST.has(phase.name) && !(phase.name === 'parked' && phase.ceremony);
