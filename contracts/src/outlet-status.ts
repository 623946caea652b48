/** The six statuses of an outlet, with the sign each is shown by. */
export const STATUS_SIGNS = {
  CONNECTED: '✓',
  CONNECTING: '⟳',
  DISCONNECTED: '✗',
  PAUSED: '‖',
  FAILED: '⚠',
  TIMEOUT: '⏱',
} as const;

export type OutletStatusName = keyof typeof STATUS_SIGNS;

export const STATUS_NAMES = Object.keys(STATUS_SIGNS) as OutletStatusName[];

/** Every reason code, and the status it belongs to. */
export const REASON_STATUS = {
  PAIRING: 'CONNECTING',
  LINKING: 'CONNECTING',
  RECONNECTING: 'CONNECTING',
  DEGRADED: 'CONNECTING',
  WAITING_TURN: 'CONNECTING',
  WHATSAPP_UNREACHABLE: 'TIMEOUT',
  QR_EXPIRED: 'TIMEOUT',
  STORE_DOWN: 'TIMEOUT',
  LOGGED_OUT: 'FAILED',
  REMOVED_BY_WHATSAPP: 'FAILED',
  PHONE_AWAY: 'FAILED',
  PASSKEY_REQUIRED: 'FAILED',
  REPLACED: 'FAILED',
  BLOCKED: 'FAILED',
  BANNED: 'FAILED',
  RESTRICTED: 'FAILED',
  OUTDATED: 'FAILED',
  CONFIG_ERROR: 'FAILED',
  WRONG_NUMBER: 'FAILED',
  NEVER_LINKED: 'DISCONNECTED',
  UNLINKED: 'DISCONNECTED',
  AUTO_RECONNECT_OFF: 'DISCONNECTED',
  INACTIVE: 'DISCONNECTED',
  PAUSED_BY: 'PAUSED',
} as const satisfies Record<string, OutletStatusName>;

export type ReasonCode = keyof typeof REASON_STATUS;
