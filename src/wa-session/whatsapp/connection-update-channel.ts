import { channel } from 'node:diagnostics_channel';

/** What subscribers of the channel get: which outlet, and when Baileys spoke (`performance.timeOrigin` based, ms). */
export interface ConnectionUpdateSeen {
  outletId: string;
  kind: 'qr' | 'paired' | 'open' | 'close';
  at: number;
}

const updates = channel('koneksi:connection-update');

/** Lets a benchmark measure from Baileys' own event; costs nothing while nobody subscribes. */
export function announceUpdate(outletId: string, kind: ConnectionUpdateSeen['kind']): void {
  if (updates.hasSubscribers) updates.publish({ outletId, kind, at: performance.timeOrigin + performance.now() });
}
