import type { StatusFacts } from './status-facts.ts';
import { BEING_SET_UP, IN_HAND, SWITCHED_OFF, type TurnKind } from './uptime-mark.ts';

/**
 * What an outlet means to whoever watches many: something broke; it works but keeps breaking; nobody has linked it yet;
 * somebody switched it off; it works. In the order of how soon it needs a person.
 */
export const OUTLET_KINDS = ['problem', 'unstable', 'setup', 'paused', 'healthy'] as const;
export type OutletKind = (typeof OUTLET_KINDS)[number];

type Judged = Pick<StatusFacts, 'healthy' | 'outlet' | 'session' | 'liveStatus' | 'reason' | 'criteria' | 'warnings'>;

/** @param isUnstable whether it broke so often lately that being well now says little. */
export function kindOf(status: Judged, isUnstable: boolean): OutletKind {
  // What will be lost without a person is their business now, however well it works until then.
  if (status.healthy && status.warnings.some(({ level }) => level === 'problem')) return 'problem';
  const isShaky = isUnstable || status.warnings.some(({ code }) => code === 'UNSTABLE');
  if (status.healthy) return isShaky ? 'unstable' : 'healthy';
  if (isSwitchedOff(status)) return 'paused';
  return isBeingSetUp(status) ? 'setup' : 'problem';
}

/** What it has come to, by all that is told of it. */
export function turnIn(status: Judged): TurnKind {
  if (status.healthy) return 'well';
  const kind = kindOf(status, false);
  if (status.reason && IN_HAND.has(status.reason.code) && kind !== 'paused') return 'in-hand';
  return kind === 'problem' ? 'down' : 'off';
}

function isSwitchedOff({ outlet, liveStatus, reason, criteria }: Judged): boolean {
  if (!outlet.isActive || liveStatus.status === 'PAUSED') return true;
  if (reason) return SWITCHED_OFF.has(reason.code);
  const { autoReconnect, ...others } = criteria;
  return !autoReconnect && Object.values(others).every(Boolean);
}

function isBeingSetUp({ session, reason }: Judged): boolean {
  if (!reason) return false;
  // Whose code ran out was a shop without a phone before, unless it had been linked; of sockets without a link nothing is seen.
  return BEING_SET_UP.has(reason.code) || (reason.code === 'QR_EXPIRED' && session.lastSeen === null);
}
