import type { OutletStatusName, ReasonCode } from './outlet-status.ts';

/** How time counts: it worked; it should have and did not; nobody expected it to. */
export const MARKS = ['up', 'down', 'paused'] as const;
export type Mark = (typeof MARKS)[number];

/** What an outlet has come to, as far as uptime goes. `in-hand`: somebody holds a phone to it. */
export type TurnKind = 'well' | 'down' | 'off' | 'in-hand';

/** Waiting for a first phone, or for one again after people unlinked it themselves. */
export const BEING_SET_UP: ReadonlySet<ReasonCode> = new Set(['NEVER_LINKED', 'PAIRING', 'LINKING', 'UNLINKED']);
export const SWITCHED_OFF: ReadonlySet<ReasonCode> = new Set(['PAUSED_BY', 'INACTIVE', 'AUTO_RECONNECT_OFF']);

export const IN_HAND: ReadonlySet<ReasonCode> = new Set(['PAIRING', 'LINKING', 'QR_EXPIRED']);

/** By what the status log keeps of every change. @param code `null`: none, as of what works */
export function turnOf(status: OutletStatusName, code: ReasonCode | null): TurnKind {
  if (status === 'CONNECTED') return 'well';
  if (code === null) return status === 'PAUSED' ? 'off' : 'down';
  if (IN_HAND.has(code)) return 'in-hand';
  return SWITCHED_OFF.has(code) || BEING_SET_UP.has(code) ? 'off' : 'down';
}

/** Whoever holds a phone to an outlet that is down has not mended it yet; to a new one, has broken nothing. */
export function markAfter(kind: TurnKind, before: Mark | null): Mark {
  if (kind === 'well') return 'up';
  if (kind === 'in-hand') return before === 'up' || before === 'down' ? 'down' : 'paused';
  return kind === 'down' ? 'down' : 'paused';
}

/** Share of the time in which it was expected to work; `null` where that was never. */
export function uptimeOf({ up, down }: Readonly<Record<'up' | 'down', number>>): number | null {
  return up + down === 0 ? null : up / (up + down);
}
