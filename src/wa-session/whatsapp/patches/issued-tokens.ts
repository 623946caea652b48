import type { SignalDataTypeMap } from '@whiskeysockets/baileys';

type Entry = SignalDataTypeMap['tctoken'];

/**
 * What rc14 is to read of tokens while it sends: that ours has been issued, so that it issues none. It issues at the end
 * of a send (`Socket/messages-send.js`) in the context of a key transaction that is committed already, so the record of it
 * is lost, and it issues anew with every message. @param nowMs by the clock that counts weeks
 */
export function withIssued(entries: Record<string, Entry>, ids: readonly string[], nowMs: number): typeof entries {
  const senderTimestamp = Math.floor(nowMs / 1_000);
  const masked = ids
    .filter((id) => !id.startsWith('__'))
    .map((id) => [id, { token: Buffer.alloc(0), ...entries[id], senderTimestamp }] as const);
  return { ...entries, ...Object.fromEntries(masked) };
}
