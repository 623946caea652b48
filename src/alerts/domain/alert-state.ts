import type { AlertRule } from '@koneksi/contracts/alerts';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';

/** All instants in milliseconds of the epoch. */

/** An outlet's part in an incident, as far as alerts go. */
export interface StruckOutlet {
  readonly outletId: string;
  readonly name: string;
  /** As it is now; `null` also of an outlet that is gone. */
  readonly city: string | null;
  readonly since: number;
  /** When it was up again, or switched off; `null` while it is down. */
  readonly until: number | null;
}

export interface StruckIncident {
  readonly id: string;
  readonly code: ReasonCode | null;
  readonly params: ReasonParams;
  readonly endedAt: number | null;
  readonly isAcknowledged: boolean;
  readonly outlets: readonly StruckOutlet[];
}

/** What can become due of an incident. */
export type DueKind = 'down' | 'escalated' | 'recovered';

/** What a rule said of an incident before. */
export interface Told {
  readonly incidentId: string;
  readonly kind: DueKind;
  /** Outlets may fall again while the incident lasts for others: after each end a new round begins. */
  readonly round: number;
  /** Outlets may join an incident that was told of: each message of them is a further part. */
  readonly part: number;
  readonly at: number;
  readonly outletIds: readonly string[];
}

export interface AlertFacts {
  /** Those that last, those whose end is still to be told, and those that ended lately. */
  readonly incidents: readonly StruckIncident[];
  readonly told: readonly Told[];
}

export type WatchedRule = Pick<
  AlertRule,
  'scope' | 'graceMinutes' | 'minOutlets' | 'zone' | 'quietHours' | 'maintenance' | 'escalation'
>;

/** Milliseconds. */
export interface AlertTimings {
  /** Between two messages of a rule that outlets are down: what falls one by one is gathered. */
  readonly spacingMs: number;
  /** How long an outlet stays up before that is told, where its incident lasts for others. */
  readonly settledMs: number;
}

/** One incident's part in a message. */
export interface DueItem {
  readonly incident: StruckIncident;
  readonly round: number;
  readonly part: number;
  readonly outlets: readonly StruckOutlet[];
}

/** One message, of however many incidents. */
export interface Due {
  readonly kind: DueKind;
  readonly items: readonly DueItem[];
  /** Of an end: whether it had been passed on to those who are told where nobody takes care. */
  readonly wasEscalated: boolean;
}

export interface AlertDecision {
  readonly due: readonly Due[];
  /** When time alone makes something due; `null` while it does not. */
  readonly nextAt: number | null;
}
