import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { OutletStatus, Reason } from '@koneksi/contracts/outlet-status-schema';

/** What a person can do about an outlet, right where they see it. */
export type NextStep = 'connect' | 'resume' | null;

const MENDED_BY_LINKING: ReadonlySet<ReasonCode> = new Set([
  'PAIRING',
  'QR_EXPIRED',
  'LOGGED_OUT',
  'REMOVED_BY_WHATSAPP',
  'PHONE_AWAY',
  'PASSKEY_REQUIRED',
  'REPLACED',
  'BLOCKED',
  'BANNED',
  'CONFIG_ERROR',
  'WRONG_NUMBER',
  'NEVER_LINKED',
  'UNLINKED',
  'AUTO_RECONNECT_OFF',
] satisfies ReasonCode[]);

const FIRST_ELSEWHERE: ReadonlySet<ReasonCode> = new Set([
  'BLOCKED',
  'BANNED',
  'RESTRICTED',
  'PASSKEY_REQUIRED',
] satisfies ReasonCode[]);

/** Whether linking alone may not help: something is to be done or seen in WhatsApp on the phone before. */
export function helpsFirstElsewhere(reason: Reason | null): boolean {
  return reason !== null && FIRST_ELSEWHERE.has(reason.code);
}

export function nextStep({ outlet, liveStatus, reason }: OutletStatus): NextStep {
  if (!outlet.isActive) return null;
  if (liveStatus.status === 'PAUSED') return 'resume';
  if (!reason) return null;
  // Without an end nobody but a person finds out whether it is over.
  const endless = reason.code === 'RESTRICTED' && reason.params.until === undefined;
  return endless || MENDED_BY_LINKING.has(reason.code) ? 'connect' : null;
}
