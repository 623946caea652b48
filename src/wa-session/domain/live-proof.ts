import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { HealthCriteria } from '@koneksi/contracts/outlet-status-schema';
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
  /** Milliseconds since WhatsApp last said anything; `null` where it never did. */
  silentForMs: number | null;
}

/** CONNECTED only where the socket proves it: in memory, open, with a user, and heard from lately. */
export function liveStatus(proof: LiveProof, maxSilenceMs: number): OutletStatusName {
  if (proof.status !== 'CONNECTED') return proof.status;
  const heard = proof.silentForMs !== null && proof.silentForMs <= maxSilenceMs;
  return proof.inMemory && proof.websocketOpen && proof.userPresent && heard ? 'CONNECTED' : 'CONNECTING';
}

export function healthCriteria(
  record: SessionRecord,
  proof: LiveProof,
  autoReconnect: boolean,
  maxSilenceMs: number,
): HealthCriteria {
  return {
    databaseConnected: record.status === 'CONNECTED',
    liveConnected: liveStatus(proof, maxSilenceMs) === 'CONNECTED',
    websocketOpen: proof.websocketOpen,
    userPresent: proof.userPresent,
    autoReconnect,
  };
}

export const isHealthy = (criteria: HealthCriteria): boolean => Object.values(criteria).every(Boolean);

/** How long WhatsApp may be silent: Baileys asks for a sign of life every `keepAliveMs`; an answer needs some time. */
export const maxSilence = (keepAliveMs: number): number =>
  keepAliveMs + Math.max(2_000, Math.min(10_000, keepAliveMs / 2));
