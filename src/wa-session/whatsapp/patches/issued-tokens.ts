import type { SignalDataTypeMap } from '@whiskeysockets/baileys';
import { isGoodToken } from '../token-weeks.js';

type Entry = SignalDataTypeMap['tctoken'];

/**
 * What rc14 is to read of tokens while it sends: that ours has been issued, so that it issues none. It issues at the end
 * of a send (`Socket/messages-send.js`) in the context of a key transaction that is committed already, so the record of it
 * is lost, and it issues anew with every message. One that has expired is told as none, as it would take it: it would
 * write it back as read, with the time of issuing that is only pretended. @param nowMs by the clock that counts weeks
 */
export function withIssued(entries: Record<string, Entry>, ids: readonly string[], nowMs: number): typeof entries {
  const senderTimestamp = Math.floor(nowMs / 1_000);
  const tokenOf = (entry: Entry | undefined): Entry['token'] =>
    isGoodToken(entry, nowMs) ? entry.token : Buffer.alloc(0);
  const masked = ids
    .filter((id) => !id.startsWith('__'))
    .map((id) => [id, { ...entries[id], token: tokenOf(entries[id]), senderTimestamp }] as const);
  return { ...entries, ...(Object.fromEntries(masked) as typeof entries) };
}
