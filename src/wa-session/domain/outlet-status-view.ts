import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Warning, WarningFact } from '@koneksi/contracts/outlet-warnings';
import { toReason, type Locale } from '@koneksi/contracts/reason-texts';
import { warningSentences } from '@koneksi/contracts/warning-texts';
import { healthCriteria, isHealthy, liveStatus, type LiveProof } from './live-proof.js';
import type { SessionRecord } from './session-record.js';
import type { OutletSettings } from './session-state.js';

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

/** A warning in the reader's language. */
const toWarning = (fact: WarningFact, locale: Locale): Warning => ({ ...fact, ...warningSentences(fact, locale) });

/** Both truths of one outlet side by side: the row's and the socket's. */
export function toOutletStatus(
  outletId: string,
  outlet: OutletSettings,
  record: SessionRecord,
  proof: LiveProof,
  locale: Locale,
): Omit<OutletStatus, 'revision'> {
  const criteria = healthCriteria(record, proof, outlet.autoReconnect);
  return {
    outletId,
    outlet: {
      name: outlet.name,
      whatsappNumber: outlet.number,
      isActive: outlet.isActive,
      city: outlet.city,
      tags: [...outlet.tags],
    },
    session: {
      status: record.status,
      sessionName: record.sessionName,
      connectedAt: iso(record.connectedAt),
      lastSeen: iso(record.lastSeen),
      qrCode: record.qrShown ? 'Present' : null,
      autoReconnect: outlet.autoReconnect,
      retryCount: record.retryCount,
    },
    liveStatus: { status: liveStatus(proof), qrCode: proof.qrShown ? 'Present' : null, name: proof.name },
    healthy: isHealthy(criteria),
    criteria,
    reason: toReason(record.reason, record.params, locale, iso(record.nextRetryAt)),
    nextRetryAt: iso(record.nextRetryAt),
    limits: record.limits,
    warnings: record.warnings.map((fact) => toWarning(fact, locale)),
    since: iso(record.since),
  };
}
