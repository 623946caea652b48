import type { ConnectRequest } from '@koneksi/contracts/outlets';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { LINK_ID } from './i18n/id';

export type Trouble = keyof (typeof LINK_ID)['trouble'];

const TROUBLES: Partial<Record<ReasonCode, Trouble>> = {
  PAUSED_BY: 'paused',
  INACTIVE: 'inactive',
  BANNED: 'limited',
  RESTRICTED: 'limited',
  BLOCKED: 'limited',
  PASSKEY_REQUIRED: 'passkey',
  WRONG_NUMBER: 'wrongNumber',
  OUTDATED: 'system',
  CONFIG_ERROR: 'system',
  STORE_DOWN: 'system',
  LOGGED_OUT: 'phone',
  REMOVED_BY_WHATSAPP: 'phone',
  PHONE_AWAY: 'phone',
  UNLINKED: 'phone',
  REPLACED: 'phone',
};

/** What somebody in the shop can do about it, or whom to ask; `method` is how they tried. */
export function troubleOf(code: ReasonCode | undefined, method: ConnectRequest['method']): Trouble {
  if (code === 'QR_EXPIRED') return method === 'qr' ? 'qrRanOut' : 'codeRanOut';
  return (code && TROUBLES[code]) ?? 'other';
}

/** What nobody in the shop can change by trying. */
export function isForAdmin(code: ReasonCode | undefined): boolean {
  return code === 'PAUSED_BY' || code === 'INACTIVE';
}
