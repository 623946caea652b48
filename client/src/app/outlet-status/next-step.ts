import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';

/** What a person can do about an outlet, right where they see it. */
export type NextStep = 'connect' | 'resume' | null;

const MENDED_BY_LINKING: ReadonlySet<ReasonCode> = new Set([
  'PAIRING',
  'QR_EXPIRED',
  'LOGGED_OUT',
  'REPLACED',
  'BLOCKED',
  'CONFIG_ERROR',
  'WRONG_NUMBER',
  'NEVER_LINKED',
  'UNLINKED',
  'AUTO_RECONNECT_OFF',
] satisfies ReasonCode[]);

export function nextStep({ outlet, liveStatus, reason }: OutletStatus): NextStep {
  if (!outlet.isActive) return null;
  if (liveStatus.status === 'PAUSED') return 'resume';
  return reason && MENDED_BY_LINKING.has(reason.code) ? 'connect' : null;
}
