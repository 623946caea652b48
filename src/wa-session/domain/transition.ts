import { withoutLateYes } from './late-yes.js';
import { factsAt, NO_FACTS, type LinkFacts } from './link-facts.js';
import { NO_TRIES } from './link-tries.js';
import { onCommand } from './on-command.js';
import { onConnection } from './on-connection.js';
import { limited, unspent } from './open-limit.js';
import { heardUntil } from './phone-silence.js';
import { NOBODY_ELSE } from './reach.js';
import { remembered } from './remembering.js';
import type { SessionEvent, Transition } from './session-event.js';
import type { OwedLeave } from './owed-leaves.js';
import type { Ending, LinkTries, Opens, OutletSettings, SessionState } from './session-state.js';
import { withLoss } from './warnings.js';

/**
 * The one place that decides what a session does. Pure: same arguments, same answer; `now` in milliseconds of the
 * monotonic clock.
 */
export function transition(state: SessionState, event: SessionEvent, now: number): Transition {
  const decided = 'connection' in event ? onConnection(state, event, now) : onCommand(state, event, now);
  const outcome = withoutLateYes(state, event, decided);
  const next = remembered(state, event, limited(state, event, outcome, now), now);
  const { linkedNumber, skew } = next.state;
  const facts = noted(state, next.state, now + skew);
  const heard = heardUntil(next.state, now + skew);
  return { ...next, state: { ...next.state, facts: factsAt(facts, linkedNumber !== null, now + skew, heard) } };
}

/** What people ended, and what our own database ends, says nothing of the line. */
function noted({ phase: before }: SessionState, { phase, facts }: SessionState, wall: number): LinkFacts {
  const isWanted = phase.name === 'paused' || phase.name === 'parting' || phase.name === 'resting';
  const isOurs = phase.name === 'waiting' && phase.code === 'STORE_DOWN';
  if (before.name !== 'online' || phase.name === 'online' || isWanted || isOurs) return facts;
  return { ...facts, lostAt: withLoss(facts.lostAt, wall) };
}

export interface Beginning {
  outletId: string;
  outlet: OutletSettings;
  linkedNumber: string | null;
  /** Milliseconds since the epoch. */
  linkedAt: number | null;
  sessionName: string | null;
  /** Milliseconds since the epoch. */
  lastSeen: number | null;
  lastEnding?: Ending | null;
  tries?: LinkTries;
  owed?: readonly OwedLeave[];
  everLinked?: boolean;
  leaving?: boolean;
  seed: number;
  /** How many sockets it may open at once and in each minute, and what of that is used up; unbounded where it is not said. */
  opens?: Opens;
  /** Wall time minus monotonic time, in milliseconds. */
  skew?: number;
  /** What the row says of an earlier process' link. */
  facts?: Partial<LinkFacts>;
}

const UNBOUNDED = 1e9;

/** The state before the first event. */
export function beginning({ facts, opens = unspent(UNBOUNDED), ...found }: Beginning): SessionState {
  return {
    lastEnding: null,
    tries: NO_TRIES,
    owed: [],
    everLinked: false,
    leaving: false,
    skew: 0,
    ...found,
    phase: { name: 'resting', code: 'NEVER_LINKED' },
    connection: 0,
    failures: 0,
    lastConflictAt: null,
    qrRounds: 0,
    codeRefused: null,
    watched: false,
    facts: { ...NO_FACTS, ...facts },
    since: 0,
    opens,
    others: NOBODY_ELSE,
  };
}
