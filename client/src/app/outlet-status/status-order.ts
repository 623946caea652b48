import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { StatusRow } from './status-store';

/** What most needs a person comes first; what was switched off on purpose comes last before the healthy. */
const URGENCY: Record<OutletStatusName, number> = {
  FAILED: 0,
  TIMEOUT: 1,
  DISCONNECTED: 2,
  CONNECTING: 3,
  CONNECTED: 4,
  PAUSED: 5,
};
const SWITCHED_OFF = 6;
const HEALTHY = 7;

const byName = new Intl.Collator('id', { numeric: true });

function urgency({ healthy, liveStatus, outlet }: OutletStatus): number {
  if (healthy) return HEALTHY;
  return outlet.isActive ? URGENCY[liveStatus.status] : SWITCHED_OFF;
}

export function problemsFirst(rows: readonly StatusRow[]): StatusRow[] {
  return rows.toSorted(
    (one, other) =>
      urgency(one.status) - urgency(other.status) ||
      byName.compare(one.status.outlet.name, other.status.outlet.name) ||
      one.id.localeCompare(other.id),
  );
}

export function byOutletName(rows: readonly StatusRow[]): StatusRow[] {
  return rows.toSorted(
    (one, other) => byName.compare(one.status.outlet.name, other.status.outlet.name) || one.id.localeCompare(other.id),
  );
}

export interface StatusFilter {
  readonly health: 'all' | 'healthy' | 'problem';
  readonly status: OutletStatusName | null;
  /** Part of a name, or digits of a number. */
  readonly search: string;
}

export const EVERYTHING: StatusFilter = { health: 'all', status: null, search: '' };

export function matches(
  { healthy, liveStatus, outlet }: OutletStatus,
  { health, status, search }: StatusFilter,
): boolean {
  if (health !== 'all' && healthy !== (health === 'healthy')) return false;
  if (status && liveStatus.status !== status) return false;
  const wanted = search.trim().toLowerCase();
  if (!wanted || outlet.name.toLowerCase().includes(wanted)) return true;
  const digits = wanted.replace(/[\s().+-]/g, '').replace(/^0/, '62');
  return /^\d+$/.test(digits) && outlet.whatsappNumber.includes(digits);
}

/** The order already on screen, for as long as someone points at it: gone ids leave, new ones join at the end. */
export function heldOrder(
  shown: readonly string[],
  wanted: readonly string[],
  exists: (id: string) => boolean,
): string[] {
  const kept = new Set(shown);
  return [...shown.filter(exists), ...wanted.filter((id) => !kept.has(id))];
}
