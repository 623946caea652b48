import { isAtRest } from './left-behind.js';
import { LEAVE_OWED_IN_S } from './moves.js';
import type { Effect, SessionEvent, Transition } from './session-event.js';
import type { Phase, SessionState } from './session-state.js';

/**
 * Whatever ends a try to link sets its credentials aside: a phone may have said yes in this very moment, and would list a
 * device that nobody uses. What a connection says of its own end comes after all else it had to say.
 */
export function withoutLateYes(before: SessionState, event: SessionEvent, outcome: Transition): Transition {
  const isOver =
    event.type !== 'closed' && hearsOfPhones(before.phase) && isAtRest(outcome.state.phase) && event.type !== 'stop';
  const isUnlinked = before.linkedNumber === null && outcome.state.linkedNumber === null;
  if (!isOver || !isUnlinked || outcome.effects.some(({ type }) => type === 'quarantine')) return outcome;
  const aside: Effect = { type: 'quarantine', owedInS: LEAVE_OWED_IN_S };
  return { ...outcome, effects: [...outcome.effects, aside] };
}

const hearsOfPhones = (phase: Phase): boolean =>
  phase.name === 'pairing' || (phase.name === 'parked' && phase.ceremony !== undefined);
