import { kindOf, type OutletKind } from '@koneksi/contracts/outlet-kind';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { TextKey } from '../core/texts';

/** The one word for how an outlet is, wherever that is said. */
export function stateWord(status: OutletStatus, kind: OutletKind = kindOf(status, false)): TextKey {
  const { outlet, liveStatus } = status;
  if (kind === 'healthy' || kind === 'unstable') return `kinds.${kind}`;
  if (kind === 'paused' && !outlet.isActive) return 'status.inactive';
  if (kind === 'paused' && liveStatus.status !== 'PAUSED') return 'state.autoOff';
  if (kind === 'setup') return liveStatus.status === 'CONNECTING' ? 'state.pairing' : 'state.notLinked';
  return liveStatus.status === 'CONNECTED' ? 'kinds.problem' : `statusName.${liveStatus.status}`;
}
