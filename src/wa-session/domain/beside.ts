import type { Phase, SessionState } from './session-state.js';

/**
 * Whether a new link is tried while another is kept. Once a phone agrees it takes that one's place; whatever else becomes
 * of it says nothing of the kept one.
 */
export const isBeside = ({ linkedNumber, phase }: Pick<SessionState, 'linkedNumber' | 'phase'>): boolean =>
  linkedNumber !== null && isOfALink(phase);

const isOfALink = (phase: Phase): boolean =>
  phase.name === 'pairing' ||
  (phase.name === 'parked' && phase.ceremony !== undefined) ||
  ('purpose' in phase && phase.purpose === 'link');
