import { kindOf, OUTLET_KINDS, type OutletKind } from '@koneksi/contracts/outlet-kind';
import { STATUS_NAMES, type OutletStatusName } from '@koneksi/contracts/outlet-status';
import { isAmong, type StatusFilter } from '../live-status/status-order';
import type { StatusRow } from '../live-status/status-store';

/** How many outlets each further choice would show, given the choices made already. */
export interface Facets {
  /** All that pass every filter but the one of kinds. */
  readonly anyKind: number;
  readonly byKind: Readonly<Record<OutletKind, number>>;
  readonly byStatus: Readonly<Record<OutletStatusName, number>>;
}

export function facetsOf(
  rows: readonly StatusRow[],
  filter: StatusFilter,
  isUnstable: (id: string) => boolean,
): Facets {
  const byKind = zeroes(OUTLET_KINDS);
  const byStatus = zeroes(STATUS_NAMES);
  let anyKind = 0;
  for (const { id, status } of rows) {
    if (!isAmong(status, filter)) continue;
    const kind = kindOf(status, isUnstable(id));
    const live = status.liveStatus.status;
    if (filter.health === 'all' || filter.health === kind) byStatus[live] += 1;
    if (filter.status && filter.status !== live) continue;
    byKind[kind] += 1;
    anyKind += 1;
  }
  return { anyKind, byKind, byStatus };
}

function zeroes<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}
