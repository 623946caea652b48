import { isBeside } from './beside.js';
import { refusedWith, triedNoMore } from './link-tries.js';
import { toRecord } from './session-record.js';
import type { SessionEvent, Transition } from './session-event.js';
import type { Ending, SessionState } from './session-state.js';

type Facts = Pick<SessionState, 'lastEnding' | 'everLinked' | 'tries'>;

/**
 * What a step leaves behind besides its phase: how a link ended, what came of tries at one, whether there ever was one,
 * since when this holds.
 */
export function remembered(before: SessionState, event: SessionEvent, outcome: Transition, now: number): Transition {
  if (outcome.state === before) return outcome;
  const wall = now + before.skew;
  const leaving = isLeaving(before, outcome);
  const state = { ...outcome.state, leaving, ...factsOf(before, event, outcome.state, wall) };
  return { ...outcome, state: { ...state, since: sinceOf(before, event, state, wall) } };
}

/** From the wish on: what a person wants after it, and whatever ends the process, does not take it back. */
function isLeaving({ linkedNumber }: SessionState, { state, effects }: Transition): boolean {
  const isSetAside = linkedNumber !== null && effects.some(({ type }) => type === 'quarantine');
  return state.leaving || state.phase.name === 'parting' || isSetAside;
}

/** A link, or a phone that agreed to one, makes whatever came of tries before it a thing of the past. */
function factsOf(before: SessionState, event: SessionEvent, after: SessionState, wall: number): Partial<Facts> {
  const { phase } = after;
  if (phase.name === 'online') return { lastEnding: null, everLinked: true, tries: triedNoMore(after.tries) };
  if (event.type === 'paired')
    return { lastEnding: after.lastEnding && ofAnOlderLink(after.lastEnding), tries: triedNoMore(after.tries) };
  if (!('connection' in event) || phase.name !== 'parked' || phase === before.phase) return {};
  // It was told when it was asked; how the wait for it goes ends nothing more.
  if (before.phase.name === 'parked' && before.phase.ceremony && before.phase.code === phase.code) return {};
  // A QR nobody scanned ends no link, nor does what comes of one beside it.
  if (phase.params.ranOut || isBeside(before)) return {};
  // Whose link it is follows from the numbers; it is nothing that happened.
  if (phase.code === 'WRONG_NUMBER' && after.linkedNumber !== null) return {};
  const ending: Ending = {
    code: phase.code,
    params: phase.params,
    at: Math.round(wall),
    number: before.linkedNumber ?? before.outlet.number,
    link: after.linkedNumber === null ? 'gone' : 'kept',
    retryAt: phase.retryAt === null ? null : Math.round(phase.retryAt),
  };
  // A refusal at a try to link says nothing of how the last link went.
  const isTry = event.type !== 'opened' && before.linkedNumber === null;
  return isTry ? { tries: refusedWith(after.tries, { ...ending, link: 'none' }) } : { lastEnding: ending };
}

/** Another link than the one that ended so is here now, or this one was left aside. */
export const ofAnOlderLink = (ending: Ending): Ending =>
  ending.link === 'kept' ? { ...ending, link: 'gone' } : ending;

/** A restart does not begin anew what the row says already. */
function sinceOf(before: SessionState, event: SessionEvent, after: SessionState, wall: number): number {
  const restored = event.type === 'restore' ? event.record : null;
  const was = restored ?? toRecord(before);
  const is = toRecord(after);
  const same = event.type === 'restore' ? restored !== null : before.since > 0;
  return same && was.status === is.status && was.reason === is.reason ? (was.since ?? wall) : wall;
}
