import { factsAt, NO_FACTS, type LinkFacts } from './link-facts.js';
import { onCommand } from './on-command.js';
import { onConnection } from './on-connection.js';
import type { SessionEvent, Transition } from './session-event.js';
import type { OutletSettings, SessionState } from './session-state.js';

/** The one place that decides what a session does. Pure: same arguments, same answer; `now` in milliseconds. */
export function transition(state: SessionState, event: SessionEvent, now: number): Transition {
  const next = 'connection' in event ? onConnection(state, event, now) : onCommand(state, event, now);
  const { linkedNumber, facts } = next.state;
  return { ...next, state: { ...next.state, facts: factsAt(facts, linkedNumber !== null, now) } };
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
  seed: number;
  /** What the row says of an earlier process' link. */
  facts?: Partial<LinkFacts>;
}

/** The state before the first event. */
export function beginning({ facts, ...given }: Beginning): SessionState {
  return {
    ...given,
    phase: { name: 'resting', code: 'NEVER_LINKED' },
    connection: 0,
    failures: 0,
    lastConflictAt: null,
    qrRounds: 0,
    watched: false,
    facts: { ...NO_FACTS, ...facts },
  };
}
