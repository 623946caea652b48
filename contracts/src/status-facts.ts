import type { OutletStatus, Reason } from './outlet-status-schema.ts';
import type { WarningFact } from './outlet-warnings.ts';
import type { StatusChange, StatusRemoval, StatusSnapshot } from './realtime.ts';
import { toReason, type Locale } from './reason-texts.ts';
import { warningSentences } from './warning-texts.ts';

/** What is known of an outlet, in nobody's language: so it is kept and handed around, until somebody is told. */
export type StatusFacts = Omit<OutletStatus, 'reason' | 'warnings'> & {
  reason: Pick<Reason, 'code' | 'params'> | null;
  warnings: readonly WarningFact[];
};

export type ChangeFacts = Omit<StatusChange, 'status'> & { status: StatusFacts };
export type SnapshotFacts = Omit<StatusSnapshot, 'statuses'> & { statuses: readonly StatusFacts[] };

const said: Record<Locale, WeakMap<StatusFacts, OutletStatus>> = { id: new WeakMap(), en: new WeakMap() };

/** An outlet's status with its sentences in the reader's language; made once of the same facts. */
export function sayStatus(facts: StatusFacts, locale: Locale): OutletStatus {
  const known = said[locale].get(facts);
  if (known) return known;
  const { reason, warnings, nextRetryAt } = facts;
  const status: OutletStatus = {
    ...facts,
    reason: reason && toReason(reason.code, reason.params, locale, nextRetryAt),
    warnings: warnings.map((warning) => ({ ...warning, ...warningSentences(warning, locale) })),
  };
  said[locale].set(facts, status);
  return status;
}

export function sayChange(facts: ChangeFacts, locale: Locale): StatusChange;
export function sayChange(facts: ChangeFacts | StatusRemoval, locale: Locale): StatusChange | StatusRemoval;
export function sayChange(facts: ChangeFacts | StatusRemoval, locale: Locale): StatusChange | StatusRemoval {
  return 'status' in facts ? { ...facts, status: sayStatus(facts.status, locale) } : facts;
}

export function saySnapshot({ statuses, ...rest }: SnapshotFacts, locale: Locale): StatusSnapshot {
  return { ...rest, statuses: statuses.map((status) => sayStatus(status, locale)) };
}
