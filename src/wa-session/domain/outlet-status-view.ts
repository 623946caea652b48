import type { StatusFacts } from '@koneksi/contracts/status-facts';
import { healthCriteria, isHealthy, liveStatus, type LiveProof } from './live-proof.js';
import { toldOf } from './new-chats.js';
import type { SessionRecord } from './session-record.js';
import type { OutletSettings } from './session-state.js';

const iso = (instant: number | null): string | null => (instant === null ? null : new Date(instant).toISOString());

/** Both truths of one outlet side by side: the row's and the socket's. */
export function toOutletStatus(
  outletId: string,
  outlet: OutletSettings,
  record: SessionRecord,
  proof: LiveProof,
): Omit<StatusFacts, 'revision'> {
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
    reason: record.reason && { code: record.reason, params: record.params },
    nextRetryAt: iso(record.nextRetryAt),
    limits: record.limits && toldOf(record.limits),
    warnings: record.warnings,
    since: iso(record.since),
  };
}
