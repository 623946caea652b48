import * as z from 'zod';

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
  WHATSAPP_UNREACHABLE: 'TIMEOUT',
  QR_EXPIRED: 'TIMEOUT',
  STORE_DOWN: 'TIMEOUT',
  LOGGED_OUT: 'FAILED',
  REPLACED: 'FAILED',
  BLOCKED: 'FAILED',
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

/** What a sentence needs beyond its code. Instants are ISO strings. */
export interface ReasonParams {
  /** Who paused. */
  by?: string;
  /** When it happened. */
  at?: string;
  /** When a restriction ends. */
  until?: string;
  /** Which attempt follows, from 1. */
  attempt?: number;
  /** The number that scanned instead of the outlet's own. */
  number?: string;
  /** What the other side said, as a code: `403`, `HTTP 503`, `ECONNREFUSED`. */
  detail?: string;
}

/** `message` and `action` are sentences in the caller's language; clients that translate use `code` and `params`. */
export interface Reason {
  code: ReasonCode;
  message: string;
  action: string;
  params: ReasonParams;
}

/** The five criteria; an outlet is healthy only if all hold. */
export interface HealthCriteria {
  databaseConnected: boolean;
  liveConnected: boolean;
  websocketOpen: boolean;
  userPresent: boolean;
  autoReconnect: boolean;
}

/** One outlet as both truths see it. */
export interface OutletStatus {
  outletId: string;
  outlet: { name: string; whatsappNumber: string; isActive: boolean };
  /** What the database says. */
  session: {
    status: OutletStatusName;
    /** The linked account's name, or its phone's platform where it has none. */
    sessionName: string | null;
    connectedAt: string | null;
    /** Last evidence of life from WhatsApp. */
    lastSeen: string | null;
    qrCode: 'Present' | null;
    autoReconnect: boolean;
    retryCount: number;
  };
  /** What the socket says. */
  liveStatus: { status: OutletStatusName; qrCode: 'Present' | null; name: string | null };
  healthy: boolean;
  criteria: HealthCriteria;
  /** Grows with every change of this outlet. */
  revision: number;
  reason: Reason | null;
  nextRetryAt: string | null;
}

/** The answer of `GET /api/outlets/status`. */
export interface OutletStatusDocument {
  success: true;
  count: number;
  healthy: number;
  statuses: OutletStatus[];
}

/** One past change of an outlet's status or reason. */
export interface StatusHistoryEntry {
  cursor: number;
  at: string;
  previous: OutletStatusName;
  status: OutletStatusName;
  revision: number;
  reason: Reason | null;
}

export interface StatusHistoryAnswer {
  success: true;
  outletId: string;
  entries: StatusHistoryEntry[];
}

export const HistoryQuery = z.strictObject({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type HistoryQuery = z.infer<typeof HistoryQuery>;
