import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import { liveStatus, type LiveProof } from './live-proof.js';
import { sameRecord, type SessionRecord } from './session-record.js';
import type { OutletSettings } from './session-state.js';

/** One outlet as both sides have it. `stored` is `null` where there is no row. */
export interface Compared {
  outletId: string;
  outlet: { stored: OutletSettings; live: OutletSettings };
  record: { stored: SessionRecord | null; live: SessionRecord };
  proof: LiveProof;
}

export type Correction =
  /** The socket proves less than the session says. */
  | { outletId: string; type: 'proof-failed' }
  /** The row says something else than the session. */
  | { outletId: string; type: 'drift-found'; found: OutletStatusName }
  | { outletId: string; type: 'settings-changed'; outlet: OutletSettings };

/** What must be mended so that the database follows the live sockets. Live is the truth. */
export function planReconcile(compared: readonly Compared[]): Correction[] {
  return compared.flatMap(({ outletId, outlet, record, proof }): Correction[] => {
    const corrections: Correction[] = [];
    if (JSON.stringify(outlet.stored) !== JSON.stringify(outlet.live)) {
      corrections.push({ outletId, type: 'settings-changed', outlet: outlet.stored });
    }
    if (record.live.status === 'CONNECTED' && liveStatus(proof) !== 'CONNECTED') {
      corrections.push({ outletId, type: 'proof-failed' });
    } else if (!record.stored || !sameRecord(record.stored, record.live)) {
      corrections.push({ outletId, type: 'drift-found', found: record.stored?.status ?? 'DISCONNECTED' });
    }
    return corrections;
  });
}
