import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { StatusChange, StatusRemoval, StatusSeen, StatusSnapshot } from '@koneksi/contracts/realtime';

/** One outlet as last pushed. */
export interface StatusRow {
  readonly id: string;
  readonly status: OutletStatus;
  /** The cursor that brought it. */
  readonly cursor: number;
  /** The connection that brought it: what an earlier one brought may have been overtaken unseen. */
  readonly connection: number;
  /** How often what people look at changed before their eyes; 0 for what was there when they came. */
  readonly changes: number;
}

export type StatusRows = ReadonlyMap<string, StatusRow>;

/** What a replica tells whoever shows it. */
export interface ReplicaListener {
  /** A new map each time; the one before is left as it was. */
  rows(rows: StatusRows): void;
  /** A row that changed before someone's eyes. */
  noticed?(row: StatusRow): void;
}

/**
 * The outlets by id, built from numbered pushes that may come twice, late or in any order.
 * Within one connection the higher revision wins; a snapshot overrules whatever earlier connections left behind.
 */
export class StatusReplica {
  readonly #listener: ReplicaListener;
  readonly #removedAt = new Map<string, number>();
  #rows: StatusRows = new Map();
  #loaded = false;
  #connection = 0;
  #cursor: number | null = null;
  /** The highest cursor heard on this connection alone. */
  #heard = 0;

  constructor(listener: ReplicaListener) {
    this.#listener = listener;
  }

  get rows(): StatusRows {
    return this.#rows;
  }

  /** False until the first snapshot: an empty replica then means "not known yet". */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Where to resume from; `null` before the first snapshot. */
  get cursor(): number | null {
    return this.#cursor;
  }

  /** A new connection: a snapshot of the whole truth follows. */
  connected(): void {
    this.#connection += 1;
    this.#heard = 0;
  }

  clear(): void {
    this.#removedAt.clear();
    this.#loaded = false;
    this.#cursor = null;
    this.#show(new Map());
  }

  applySnapshot({ cursor, statuses }: StatusSnapshot): void {
    for (const [id, removedAt] of this.#removedAt) if (removedAt <= cursor) this.#removedAt.delete(id);
    const before = this.#rows;
    const rows = new Map<string, StatusRow>();
    for (const status of statuses) {
      if (this.#removedAt.has(status.outletId)) continue;
      const known = before.get(status.outletId);
      const overtaken = known?.connection === this.#connection && known.status.revision > status.revision;
      rows.set(status.outletId, overtaken ? known : this.#next(known, status, cursor));
    }
    for (const [id, known] of before) {
      if (known.connection === this.#connection && known.cursor > cursor && !rows.has(id)) rows.set(id, known);
    }
    this.#loaded = true;
    this.#cursor = Math.max(cursor, this.#heard);
    this.#show(rows);
  }

  applyChange({ cursor, status }: StatusChange): void {
    this.#hear(cursor);
    const known = this.#rows.get(status.outletId);
    if (known && known.status.revision >= status.revision) return;
    if ((this.#removedAt.get(status.outletId) ?? -1) >= cursor) return;
    this.#put(this.#next(known, status, cursor));
  }

  applyRemoval({ cursor, outletId }: StatusRemoval): void {
    this.#hear(cursor);
    const known = this.#rows.get(outletId);
    if (known && known.connection === this.#connection && known.cursor > cursor) return;
    this.#removedAt.set(outletId, Math.max(cursor, this.#removedAt.get(outletId) ?? 0));
    if (!known) return;
    const rows = new Map(this.#rows);
    rows.delete(outletId);
    this.#show(rows);
  }

  /** Evidence of life alone: no revision, nothing noticed. */
  applySeen({ lastSeen }: StatusSeen): void {
    const rows = new Map(this.#rows);
    for (const [id, seen] of Object.entries(lastSeen)) {
      const known = rows.get(id);
      if (known) rows.set(id, { ...known, status: withLastSeen(known.status, seen) });
    }
    this.#show(rows);
  }

  /** The answer to a request: it has no cursor, so it can neither add nor remove, only bring news. */
  applyAnswer(statuses: readonly OutletStatus[]): void {
    for (const status of statuses) {
      const known = this.#rows.get(status.outletId);
      if (known && known.status.revision < status.revision) this.#put(this.#next(known, status, known.cursor));
    }
  }

  #hear(cursor: number): void {
    this.#heard = Math.max(this.#heard, cursor);
    this.#cursor = Math.max(this.#cursor ?? 0, cursor);
  }

  #put(row: StatusRow): void {
    this.#show(new Map(this.#rows).set(row.id, row));
  }

  #show(rows: StatusRows): void {
    this.#rows = rows;
    this.#listener.rows(rows);
  }

  #next(known: StatusRow | undefined, status: OutletStatus, cursor: number): StatusRow {
    const noticeable = this.#loaded && (!known || looksDifferent(known.status, status));
    const row: StatusRow = {
      id: status.outletId,
      status: known ? withLastSeen(status, known.status.session.lastSeen) : status,
      cursor,
      connection: this.#connection,
      changes: (known?.changes ?? 0) + (noticeable ? 1 : 0),
    };
    if (noticeable) this.#listener.noticed?.(row);
    return row;
  }
}

/** `lastSeen` travels apart from the revisions: whichever is later holds. */
function withLastSeen(status: OutletStatus, seen: string | null): OutletStatus {
  const known = status.session.lastSeen;
  if (!seen || (known && Date.parse(known) >= Date.parse(seen))) return status;
  return { ...status, session: { ...status.session, lastSeen: seen } };
}

function looksDifferent(before: OutletStatus, after: OutletStatus): boolean {
  return (
    before.liveStatus.status !== after.liveStatus.status ||
    before.session.status !== after.session.status ||
    before.healthy !== after.healthy ||
    before.reason?.code !== after.reason?.code
  );
}
