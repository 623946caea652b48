import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { Span } from './timeline';

/** When the present state began, in milliseconds since the epoch; `null` where nothing tells. */
export function sinceOf({ since, session }: OutletStatus, spans: readonly Span[]): number | null {
  if (since) return Date.parse(since);
  const last = spans.at(-1);
  if (last?.status === session.status) return last.from;
  return session.status === 'CONNECTED' && session.connectedAt ? Date.parse(session.connectedAt) : null;
}
