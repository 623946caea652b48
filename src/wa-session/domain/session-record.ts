import { REASON_STATUS, type OutletStatusName, type ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import type { Limits, WarningFact } from '@koneksi/contracts/outlet-warnings';
import { toLimits } from './new-chats.js';
import type { LinkMethod, SessionState } from './session-state.js';

/** What the database says of a session. Instants are milliseconds since the epoch. */
export interface SessionRecord {
  status: OutletStatusName;
  reason: ReasonCode | null;
  params: ReasonParams;
  sessionName: string | null;
  connectedAt: number | null;
  lastSeen: number | null;
  retryCount: number;
  nextRetryAt: number | null;
  /** Whether a QR or code is shown; never the code itself. */
  qrShown: boolean;
  /** What WhatsApp allows; `null` until it said so. */
  limits: Limits | null;
  warnings: readonly WarningFact[];
  /** When the phone itself was last heard of. */
  phoneSeenAt: number | null;
}

interface Told {
  reason: ReasonCode | null;
  params?: ReasonParams;
  nextRetryAt?: number | null;
}

/** The row that tells this state. */
export function toRecord(state: SessionState): SessionRecord {
  const { phase } = state;
  const { reason, params = {}, nextRetryAt = null } = tell(state);
  return {
    status: reason === null ? 'CONNECTED' : REASON_STATUS[reason],
    reason,
    params,
    sessionName: state.sessionName,
    connectedAt: phase.name === 'online' ? Math.round(phase.openedAt) : null,
    lastSeen: state.lastSeen === null ? null : Math.round(state.lastSeen),
    retryCount: phase.name === 'online' || phase.name === 'resting' || phase.name === 'paused' ? 0 : state.failures,
    nextRetryAt: nextRetryAt === null ? null : Math.round(nextRetryAt),
    qrShown: phase.name === 'pairing' && (phase.qr !== null || phase.pairingCode !== null),
    limits: toLimits(state.facts.newChats),
    warnings: state.facts.warnings,
    phoneSeenAt: state.facts.phoneSeenAt,
  };
}

function tell({ phase, failures }: SessionState): Told {
  switch (phase.name) {
    case 'online':
      return { reason: null };
    case 'resting':
      return { reason: phase.code, ...(phase.detail !== undefined && { params: { detail: phase.detail } }) };
    case 'parting':
      return { reason: 'UNLINKED' };
    case 'paused':
      return { reason: 'PAUSED_BY', params: { by: phase.by, at: new Date(phase.at).toISOString() } };
    case 'parked':
      return { reason: phase.code, params: phase.params, nextRetryAt: phase.retryAt };
    case 'expired':
      return { reason: 'QR_EXPIRED', params: methodParams(phase.method) };
    case 'pairing':
      return { reason: 'PAIRING', params: methodParams(phase.method) };
    case 'linking':
      return { reason: 'LINKING' };
    case 'waiting':
      return { reason: phase.code, params: attemptParams(failures, phase.detail), nextRetryAt: phase.retryAt };
    case 'opening':
      return { reason: phase.code, params: attemptParams(failures, phase.detail) };
  }
}

/** Words follow the method: who was shown a code is not told of a QR. */
function methodParams(method: LinkMethod): ReasonParams {
  return method === 'qr' ? {} : { method };
}

function attemptParams(failures: number, detail: string | null): ReasonParams {
  return { ...(failures > 0 && { attempt: failures }), ...(detail !== null && { detail }) };
}

/** Whether two rows tell people the same; evidence of life ticks on without being a change. */
export function sameRecord(a: SessionRecord, b: SessionRecord): boolean {
  return fingerprint(a) === fingerprint(b);
}

/** jsonb keeps its keys in an order of its own, so the order of `params` means nothing. */
function fingerprint({ params, lastSeen: _lastSeen, phoneSeenAt: _phoneSeenAt, ...row }: SessionRecord): string {
  const sorted = Object.entries(params).sort(([x], [y]) => (x < y ? -1 : 1));
  return JSON.stringify([
    row.status,
    row.reason,
    row.sessionName,
    row.connectedAt,
    row.retryCount,
    row.nextRetryAt,
    row.qrShown,
    row.limits && [row.limits.newChats, row.limits.until, row.limits.left],
    row.warnings.map(({ code, level, since, until }) => [code, level, since, until]),
    sorted,
  ]);
}
