import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { HealthCriteria } from '@koneksi/contracts/outlet-status-schema';
import type { StatusFacts } from '@koneksi/contracts/status-facts';
import type { SessionRecord } from './session-record.js';

/** What the socket itself shows, taken now. */
export interface LiveProof {
  /** What the session believes. */
  status: OutletStatusName;
  qrShown: boolean;
  name: string | null;
  inMemory: boolean;
  websocketOpen: boolean;
  userPresent: boolean;
  /** Whether WhatsApp said anything within the time that it may be silent. */
  heard: boolean;
}

/** An outlet that has no session. */
export const NO_SOCKET: LiveProof = {
  status: 'DISCONNECTED',
  qrShown: false,
  name: null,
  inMemory: false,
  websocketOpen: false,
  userPresent: false,
  heard: false,
};

/** What the owner of a session elsewhere proved when it told of it; as its row says, where nothing newer was told. */
export function proofTold({ status, qrShown, sessionName }: SessionRecord, told: StatusFacts | undefined): LiveProof {
  const isOnline = status === 'CONNECTED';
  const { criteria, liveStatus: live } = told?.session.status === status ? told : {};
  const isLive = criteria?.liveConnected ?? isOnline;
  return {
    status,
    qrShown,
    name: live ? live.name : isOnline ? sessionName : null,
    inMemory: isLive,
    websocketOpen: criteria?.websocketOpen ?? isOnline,
    userPresent: criteria?.userPresent ?? isOnline,
    heard: isLive,
  };
}

/** CONNECTED only where the socket proves it: in memory, open, with a user, and heard from lately. */
export function liveStatus({ status, inMemory, websocketOpen, userPresent, heard }: LiveProof): OutletStatusName {
  if (status !== 'CONNECTED') return status;
  return inMemory && websocketOpen && userPresent && heard ? 'CONNECTED' : 'CONNECTING';
}

export function healthCriteria(record: SessionRecord, proof: LiveProof, autoReconnect: boolean): HealthCriteria {
  return {
    databaseConnected: record.status === 'CONNECTED',
    liveConnected: liveStatus(proof) === 'CONNECTED',
    websocketOpen: proof.websocketOpen,
    userPresent: proof.userPresent,
    autoReconnect,
  };
}

/** By all five criteria: only such an outlet sends. */
export const isHealthy = (criteria: HealthCriteria): boolean => Object.values(criteria).every(Boolean);

/** Whether a silence of this long still proves that WhatsApp is there; `null` where it never said anything. */
export const isHeard = (silentForMs: number | null, maxSilenceMs: number): boolean =>
  silentForMs !== null && silentForMs <= maxSilenceMs;

/** How long WhatsApp may be silent: Baileys asks for a sign of life every `keepAliveMs`; an answer needs some time. */
export const maxSilence = (keepAliveMs: number): number =>
  keepAliveMs + Math.max(2_000, Math.min(10_000, keepAliveMs / 2));
