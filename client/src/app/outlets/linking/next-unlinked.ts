import { kindOf } from '@koneksi/contracts/outlet-kind';
import type { StatusRow } from '../../live-status/status-store';

/**
 * Of outlets by name the next after this one that waits for a phone, beginning again at the first. Where somebody else is at
 * it already, it is passed over.
 */
export function nextUnlinked(rows: readonly StatusRow[], outletId: string): StatusRow | null {
  const at = rows.findIndex(({ id }) => id === outletId);
  const others = [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0))];
  return others.find((row) => waitsForPhone(row)) ?? null;
}

function waitsForPhone({ status }: StatusRow): boolean {
  const code = status.reason?.code;
  return kindOf(status, false) === 'setup' && code !== 'PAIRING' && code !== 'LINKING';
}
