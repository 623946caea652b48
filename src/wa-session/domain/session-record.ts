import { REASON_STATUS, type OutletStatusName, type ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import type { WarningFact } from '@koneksi/contracts/outlet-warnings';
import { toKept, type KeptLimits } from './new-chats.js';
import { leaveParams, leaveWarnings } from './owed-leaves.js';
import { reachOf } from './reach.js';
import type { Ending, LinkMethod, LinkTries, SessionState } from './session-state.js';

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
  limits: KeptLimits | null;
  warnings: readonly WarningFact[];
  /** When the phone itself was last heard of. */
  phoneSeenAt: number | null;
  /** Since when the phone would be heard of, where its silence before that says nothing. */
  listeningSince: number | null;
  /** When status and reason became what they are; `null` in rows from before this was kept. */
  since: number | null;
  lastEnding: Ending | null;
  tries: LinkTries;
  everLinked: boolean;
  /** Whether the link that is kept is to be left. */
  leaving: boolean;
  /** When WhatsApp last said "replaced". */
  conflictAt: number | null;
}

interface Told {
  reason: ReasonCode | null;
  params?: ReasonParams;
  nextRetryAt?: number | null;
}

/** The row that tells this state. */
export function toRecord(state: SessionState): SessionRecord {
  const { phase } = state;
  const { reason, params: why = {}, nextRetryAt = null } = tell(state);
  const params = {
    ...why,
    ...(phase.name !== 'parting' && leaveParams(state.owed, state.lastEnding?.number, reason, why)),
  };
  return {
    status: reason === null ? 'CONNECTED' : REASON_STATUS[reason],
    reason,
    params: { ...params, ...ofTheClient(state, reason, params) },
    sessionName: state.sessionName,
    connectedAt: phase.name === 'online' ? Math.round(state.since) : null,
    lastSeen: state.lastSeen === null ? null : Math.round(state.lastSeen),
    retryCount: COUNTING.has(phase.name) ? state.failures : 0,
    nextRetryAt: nextRetryAt === null ? null : Math.round(nextRetryAt),
    qrShown: phase.name === 'pairing' && (phase.qr !== null || phase.pairingCode !== null),
    limits: toKept(state.facts.newChats),
    warnings: [...state.facts.warnings, ...leaveWarnings(state.owed, params)],
    phoneSeenAt: state.facts.phoneSeenAt,
    listeningSince: state.facts.listeningSince,
    since: Math.round(state.since),
    lastEnding: state.lastEnding,
    tries: state.tries,
    everLinked: state.everLinked,
    leaving: state.leaving,
    conflictAt: state.lastConflictAt === null ? null : Math.round(state.lastConflictAt + state.skew),
  };
}

/** Each attempt asks for the newest version first where the last answer is an hour old; it may take as long again. */
const UNASKED_MS = 2 * 3_600_000;

/** Phones refuse old clients without a word to them: one that nobody asks for, or that could not be, may be why nothing was heard. */
function ofTheClient(
  { facts: { clientPinned, clientKnownAt }, since }: SessionState,
  reason: ReasonCode | null,
  { ranOut }: ReasonParams,
): ReasonParams {
  if (reason !== 'QR_EXPIRED' && !ranOut) return {};
  if (clientPinned !== null) return { pinned: clientPinned };
  if (clientKnownAt === null || since - clientKnownAt < UNASKED_MS) return {};
  return { clientSince: new Date(clientKnownAt).toISOString() };
}

/** Phases that are about an attempt. */
const COUNTING: ReadonlySet<SessionState['phase']['name']> = new Set([
  'opening',
  'waiting',
  'linking',
  'parting',
  'parked',
]);

function tell(state: SessionState): Told {
  const { phase, failures, skew } = state;
  switch (phase.name) {
    case 'online':
      return { reason: null };
    case 'resting':
      return { reason: phase.code, ...(phase.params && { params: phase.params }) };
    case 'parting':
      return { reason: 'UNLINKED' };
    case 'paused':
      return { reason: 'PAUSED_BY', params: { by: phase.by, at: new Date(phase.at).toISOString() } };
    case 'parked':
      return { reason: phase.code, ...promised(state, phase) };
    case 'expired':
      return { reason: 'QR_EXPIRED', params: methodParams(phase.method) };
    case 'pairing':
      return { reason: 'PAIRING', params: methodParams(phase.method) };
    case 'linking':
      return { reason: 'LINKING' };
    case 'waiting':
      return {
        reason: phase.code,
        params: { ...attemptParams(failures, phase.detail), ...reachParams(state, phase.code), ...linkParams(phase) },
        nextRetryAt: phase.retryAt + skew,
      };
    case 'opening':
      return {
        reason: phase.inQueue && !isOutage(phase.code) ? 'WAITING_TURN' : phase.code,
        params: {
          ...attemptParams(failures, phase.detail),
          ...reachParams(state, phase.code),
          ...linkParams(phase),
        },
      };
  }
}

/** Words follow the method: who was shown a code is not told of a QR. */
function methodParams(method: LinkMethod): ReasonParams {
  return method === 'qr' ? {} : { method };
}

/** How it is to be linked, also for the process after this one. */
const linkParams = ({ purpose, method }: { purpose: 'link' | 'login'; method: LinkMethod }): ReasonParams =>
  purpose === 'link' ? methodParams(method) : {};

/** An outage is told until an attempt succeeds, whatever is waited for meanwhile. */
const isOutage = (code: ReasonCode): boolean => REASON_STATUS[code] === 'TIMEOUT';

/** A retry is promised only where one will be made. */
function promised(
  { linkedNumber, outlet }: SessionState,
  { params, retryAt }: SessionState['phase'] & { name: 'parked' },
): Omit<Told, 'reason'> {
  const byItself = retryAt !== null && linkedNumber !== null && outlet.autoReconnect;
  return { params, nextRetryAt: byItself ? retryAt : null };
}

function attemptParams(failures: number, detail: string | null): ReasonParams {
  return { ...(failures > 0 && { attempt: failures }), ...(detail !== null && { detail }) };
}

function reachParams({ others }: SessionState, code: ReasonCode): ReasonParams {
  const reach = code === 'WHATSAPP_UNREACHABLE' ? reachOf(others) : undefined;
  return reach === undefined ? {} : { reach };
}

/**
 * Whether a row says all that is to be said; evidence of life ticks on without being a change. Which link is left must be
 * in it; one that was left since is named there by an id that nothing has any more.
 */
export function sameRecord(row: SessionRecord, now: SessionRecord): boolean {
  return fingerprint(row) === fingerprint(now) && (row.leaving || !now.leaving);
}

function fingerprint({ params, lastSeen: _lastSeen, phoneSeenAt: _phoneSeenAt, ...row }: SessionRecord): string {
  const { lastEnding, tries } = row;
  return JSON.stringify([
    row.status,
    row.reason,
    row.sessionName,
    row.connectedAt,
    row.retryCount,
    row.nextRetryAt,
    row.qrShown,
    row.limits && [row.limits.newChats, row.limits.until, row.limits.left, row.limits.countedAgainAt],
    row.warnings.map(({ code, level, since, until, number }) => [code, level, since, until, number]),
    row.since,
    row.everLinked,
    sorted(params),
    lastEnding && sortedEnding(lastEnding),
    tries.refusal && sortedEnding(tries.refusal),
    tries.ranOut && sorted(tries.ranOut),
    tries.codeLimit && sorted(tries.codeLimit),
  ]);
}

const sortedEnding = (ending: Ending): unknown => [sorted({ ...ending, params: null }), sorted(ending.params)];

/** jsonb keeps its keys in an order of its own, so their order means nothing. */
const sorted = (values: object): [string, unknown][] => Object.entries(values).sort(([x], [y]) => (x < y ? -1 : 1));
