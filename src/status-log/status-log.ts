import { Injectable } from '@nestjs/common';
import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { Pressed, ReasonParams, StatusHistoryEntry } from '@koneksi/contracts/outlet-status-schema';
import type { StatusRemoval } from '@koneksi/contracts/realtime';
import { toReason, type Locale } from '@koneksi/contracts/reason-texts';
import type { ChangeFacts, StatusFacts } from '@koneksi/contracts/status-facts';
import { DataSource } from 'typeorm';
import * as z from 'zod';
import type { Caller } from '../auth/caller.js';
import { pageOfRows, readCursor } from '../common/page-cursor.js';

/** More than this is cheaper as a snapshot, for both sides. */
const MAX_REPLAY = 1_000;

/** What a left join answers where nothing was missed. */
interface NoChange {
  forgotten: string;
  cursor: null;
}

interface ChangeRow {
  forgotten: string;
  cursor: string;
  outlet_id: string;
  at: Date;
  revision: string;
  previous: OutletStatusName | null;
  status: OutletStatusName | null;
  reason_code: ReasonCode | null;
  reason_params: ReasonParams;
  pressed: Pressed | null;
  element: Omit<StatusFacts, 'revision'> | null;
}

export type NumberedChange = ChangeFacts | StatusRemoval;

const Position = z.tuple([z.int().nonnegative()]);

export interface HistoryRange {
  from?: string | undefined;
  to?: string | undefined;
  after?: string | undefined;
  since?: number | undefined;
  limit: number;
}

/** The numbered changes: what happened to an outlet, and what a client missed. */
@Injectable()
export class StatusLog {
  constructor(private readonly dataSource: DataSource) {}

  /** Changes of status or reason, newest first. */
  async history(
    outletId: string,
    { from, to, after, since, limit }: HistoryRange,
    locale: Locale,
  ): Promise<{ entries: StatusHistoryEntry[]; next: string | null }> {
    const before = after === undefined ? null : readCursor(Position, after, 'after')[0];
    const rows = await this.dataSource.query<ChangeRow[]>(
      `SELECT * FROM outlet_status_change
       WHERE outlet_id = $1 AND milestone AND status IS NOT NULL
         AND ($2::timestamptz IS NULL OR at >= $2) AND ($3::timestamptz IS NULL OR at < $3)
         AND ($4::bigint IS NULL OR cursor < $4) AND ($5::bigint IS NULL OR cursor > $5)
       ORDER BY cursor DESC LIMIT $6`,
      [outletId, from ? new Date(from) : null, to ? new Date(to) : null, before, since ?? null, limit + 1],
    );
    const { shown, next } = pageOfRows(rows, limit, ({ cursor }) => [Number(cursor)]);
    const entries = shown.map((row) => ({
      cursor: Number(row.cursor),
      at: row.at.toISOString(),
      previous: row.previous as OutletStatusName,
      status: row.status as OutletStatusName,
      revision: Number(row.revision),
      reason: toReason(row.reason_code, row.reason_params, locale),
      pressed: row.pressed,
    }));
    return { entries, next };
  }

  /** The newest cursor given. */
  async newest(): Promise<number> {
    const [row] = await this.dataSource.query<{ value: string }[]>('SELECT value FROM status_cursor WHERE id = 1');
    return Number(row!.value);
  }

  /**
   * Every change of these outlets after the cursor and up to the newest, oldest first; `null` where the cursor is older
   * than what is kept, too far back, or not ours.
   */
  async since(outletIds: Caller['outletIds'], cursor: number, newest: number): Promise<NumberedChange[] | null> {
    if (cursor > newest) return null;
    const changes = await this.next(outletIds, cursor, newest, MAX_REPLAY + 1);
    return changes === null || changes.length > MAX_REPLAY ? null : changes;
  }

  /** The first `most` of them, however many there are: whoever goes on from the last one's cursor misses none. */
  async next(
    outletIds: Caller['outletIds'],
    cursor: number,
    newest: number,
    most: number,
  ): Promise<NumberedChange[] | null> {
    // One statement, one moment: between two, changes could be forgotten.
    const rows = await this.dataSource.query<(ChangeRow | NoChange)[]>(
      `SELECT r.forgotten, c.* FROM status_retention r
       LEFT JOIN LATERAL (
         SELECT * FROM outlet_status_change
         WHERE cursor > $1 AND cursor <= $2 AND ($3::uuid[] IS NULL OR outlet_id = ANY($3)) ORDER BY cursor LIMIT $4
       ) c ON true
       WHERE r.id = 1 ORDER BY c.cursor`,
      [cursor, newest, outletIds === 'all' ? null : outletIds, most],
    );
    if (rows.some(({ forgotten }) => cursor < Number(forgotten))) return null;
    return rows.filter((row): row is ChangeRow => row.cursor !== null).map(toChange);
  }

  /** The first `most` changes after the cursor, of all outlets; `null` where some are forgotten or the cursor is not ours. */
  async tail(cursor: number, most: number): Promise<NumberedChange[] | null> {
    const rows = await this.dataSource.query<((ChangeRow | NoChange) & { newest: string })[]>(
      `SELECT k.value AS newest, r.forgotten, c.* FROM status_cursor k CROSS JOIN status_retention r
       LEFT JOIN LATERAL (SELECT * FROM outlet_status_change WHERE cursor > $1 ORDER BY cursor LIMIT $2) c ON true
       WHERE k.id = 1 AND r.id = 1 ORDER BY c.cursor`,
      [cursor, most],
    );
    if (rows.some(({ newest, forgotten }) => cursor > Number(newest) || cursor < Number(forgotten))) return null;
    return rows.filter((row) => row.cursor !== null).map(toChange);
  }
}

function toChange(row: ChangeRow): NumberedChange {
  const cursor = Number(row.cursor);
  if (!row.element) return { cursor, outletId: row.outlet_id };
  return {
    cursor,
    at: row.at.toISOString(),
    status: { ...row.element, ...sinceKept(row.element), revision: Number(row.revision) },
    previous: row.previous as OutletStatusName,
  };
}

/** What was written before these were kept lacks them. */
const sinceKept = ({ since, warnings }: Partial<StatusFacts>): Pick<StatusFacts, 'since' | 'warnings'> => ({
  since: since ?? null,
  warnings: warnings ?? [],
});
