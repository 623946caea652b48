import type { LinkedOutlet } from '@koneksi/contracts/reconnect-links';
import type { StatusFacts } from '@koneksi/contracts/status-facts';
import type { LinkFacts } from './domain/link-state.js';
import type { ReconnectLinkEntity } from './reconnect-link.entity.js';

export function factsOf({ expiresAt, startedAt, endedCode }: ReconnectLinkEntity): LinkFacts {
  return { expiresAt: expiresAt.getTime(), startedAt: startedAt?.getTime() ?? null, endedCode };
}

export function isConnected(status: StatusFacts | undefined): boolean {
  return status?.liveStatus.status === 'CONNECTED';
}

/** Since when the outlet is connected; `null` where it is not. Milliseconds since the epoch. */
export function connectedAt(status: StatusFacts | undefined): number | null {
  const at = status && isConnected(status) ? status.session.connectedAt : null;
  return at === null ? null : Date.parse(at);
}

/** The little that whoever has a link may know of the outlet: no names of people, no figures, no past. */
export function toLinkedOutlet(
  { outlet, liveStatus, reason, revision, nextRetryAt }: StatusFacts,
  at: string,
): LinkedOutlet {
  return {
    outlet: { name: outlet.name, numberEnd: outlet.whatsappNumber.slice(-4) },
    liveStatus: { status: liveStatus.status },
    reason: reason && { code: reason.code },
    revision,
    at,
    nextRetryAt,
  };
}
