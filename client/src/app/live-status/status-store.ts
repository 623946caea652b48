import { computed, Service, signal } from '@angular/core';
import { StatusReplica, type StatusRow, type StatusRows } from '@koneksi/client/status-replica';
import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import { STATUS_NAMES } from '@koneksi/contracts/outlet-status';
import type { StatusChange, StatusRemoval, StatusSeen, StatusSnapshot } from '@koneksi/contracts/realtime';

export type { StatusRow };

export interface StatusCounts {
  readonly total: number;
  readonly healthy: number;
  readonly problem: number;
  readonly byStatus: Readonly<Record<OutletStatusName, number>>;
}

/** The replica that every subscriber keeps, as signals. */
@Service()
export class StatusStore {
  readonly #rows = signal<StatusRows>(new Map());
  readonly #loaded = signal(false);
  readonly #latest = signal<StatusRow | null>(null);
  readonly #replica = new StatusReplica({
    rows: (rows) => this.#rows.set(rows),
    noticed: (row) => this.#latest.set(row),
  });

  /** False until the first snapshot: an empty page then means "not known yet". */
  readonly loaded = this.#loaded.asReadonly();
  /** The row that changed last before someone's eyes. */
  readonly latest = this.#latest.asReadonly();
  readonly rows = computed(() => [...this.#rows().values()]);
  readonly counts = computed(() => count(this.rows()));

  /** Where to resume from; `null` before the first snapshot. */
  get cursor(): number | null {
    return this.#replica.cursor;
  }

  row(id: string): StatusRow | undefined {
    return this.#rows().get(id);
  }

  /** A new connection: a snapshot of the whole truth follows. */
  connected(): void {
    this.#replica.connected();
  }

  clear(): void {
    this.#replica.clear();
    this.#loaded.set(false);
    this.#latest.set(null);
  }

  applySnapshot(snapshot: StatusSnapshot): void {
    this.#replica.applySnapshot(snapshot);
    this.#loaded.set(true);
  }

  applyChange(change: StatusChange): void {
    this.#replica.applyChange(change);
  }

  applyRemoval(removal: StatusRemoval): void {
    this.#replica.applyRemoval(removal);
  }

  applySeen(seen: StatusSeen): void {
    this.#replica.applySeen(seen);
  }

  applyAnswer(statuses: readonly OutletStatus[]): void {
    this.#replica.applyAnswer(statuses);
  }
}

function count(rows: readonly StatusRow[]): StatusCounts {
  const byStatus = Object.fromEntries(STATUS_NAMES.map((name) => [name, 0])) as Record<OutletStatusName, number>;
  let healthy = 0;
  for (const { status } of rows) {
    byStatus[status.liveStatus.status] += 1;
    if (status.healthy) healthy += 1;
  }
  return { total: rows.length, healthy, problem: rows.length - healthy, byStatus };
}
