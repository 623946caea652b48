import type { Phase, SessionState } from './session-state.js';

const AT_REST: ReadonlySet<Phase['name']> = new Set<Phase['name']>(['resting', 'paused', 'parked', 'expired']);

/**
 * Whether a link that ended may still be where a login finds it: setting it aside has not worked so far, and no new link
 * is being made that would take its place.
 */
export function isLeftBehind({ leaving, linkedNumber, phase }: SessionState): boolean {
  const waitsForPasskey = phase.name === 'parked' && phase.ceremony !== undefined;
  return leaving && linkedNumber === null && AT_REST.has(phase.name) && !waitsForPasskey;
}
