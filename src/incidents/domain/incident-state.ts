import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import type { Condition } from './condition.js';

/** All instants in milliseconds on one clock that never jumps. */

/** What was seen of one outlet. */
export interface Sighting {
  readonly outletId: string;
  readonly name: string;
  readonly at: number;
  readonly condition: Condition;
}

/** An outlet that is down, and not for long enough to call anybody. */
export interface Fall {
  readonly outletId: string;
  readonly name: string;
  readonly since: number;
  readonly code: ReasonCode | null;
  readonly params: ReasonParams;
}

/** An outlet's part in an incident. */
export interface Member {
  readonly outletId: string;
  readonly name: string;
  readonly since: number;
  /** Since when it is well again, or switched off. */
  readonly until: number | null;
  /** How often it came back and fell again. */
  readonly relapses: number;
  /** Switched off or removed: nobody waits to see whether it stays well. */
  readonly gone: boolean;
}

export interface OpenIncident {
  readonly id: string;
  readonly code: ReasonCode | null;
  readonly params: ReasonParams;
  readonly startedAt: number;
  /** When the youngest of its outlets fell. */
  readonly lastFellAt: number;
  readonly members: ReadonlyMap<string, Member>;
}

export interface IncidentState {
  readonly open: ReadonlyMap<string, OpenIncident>;
  readonly falls: ReadonlyMap<string, Fall>;
  /** When each outlet last came out of an incident. */
  readonly recovered: ReadonlyMap<string, number>;
}

export const NOTHING: IncidentState = { open: new Map(), falls: new Map(), recovered: new Map() };

/** Milliseconds. */
export interface IncidentTimings {
  /** How long an outlet is down before that is an incident. */
  readonly afterMs: number;
  /** How long an outlet has to stay well before its part is over. */
  readonly wellForMs: number;
  /** The same of one that came back and fell again. */
  readonly shakyWellForMs: number;
  /** Whoever falls again within this time came back and fell again. */
  readonly relapseWithinMs: number;
}

export interface Decision {
  readonly state: IncidentState;
  readonly opened: readonly OpenIncident[];
  readonly changed: readonly OpenIncident[];
  readonly closed: readonly { readonly incident: OpenIncident; readonly endedAt: number }[];
  /** When time alone changes something; null while it does not. */
  readonly nextAt: number | null;
}
