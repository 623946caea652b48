import { Injectable } from '@nestjs/common';
import type { OptOut, OptOutHistory, OptOutLedgerEntry, OptOutPage, OptOutQuery } from '@koneksi/contracts/opt-outs';
import { RequestInstant } from '@koneksi/contracts/instant';
import { DataSource } from 'typeorm';
import * as z from 'zod';
import { maySee, type Caller } from '../auth/caller.js';
import { pageOfRows, readCursor } from '../common/page-cursor.js';
import type { OptOutLedgerEntity } from './opt-out.entity.js';

const Position = z.tuple([RequestInstant, z.string()]);

interface OptOutRow {
  number: string;
  opted_out_at: Date;
  name: string | null;
}

/**
 * For callers bound to outlets, the numbers of their contacts and those that told their outlets; `$1` is `null` for others.
 * The table of contacts is named rather than its entity: contacts know consent, not the other way round.
 */
const VISIBLE = `($1::uuid[] IS NULL
  OR EXISTS (SELECT FROM contacts c WHERE c.number = o.number AND c.outlet_id = ANY ($1))
  OR EXISTS (SELECT FROM opt_out_ledger l WHERE l.number = o.number AND l.outlet_id = ANY ($1)))`;

/** Who wants no messages, and how that came to be, as far as a caller may know. */
@Injectable()
export class OptOutList {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest first. */
  async page(caller: Caller, { search = '', after, limit }: OptOutQuery): Promise<OptOutPage> {
    const outletIds = boundTo(caller);
    const digits = search.replace(/\D/g, '').replace(/^0+/, '');
    const matching = `${VISIBLE} AND o.number LIKE '%' || $2::text || '%'`;
    const [{ count }] = await this.dataSource.query<[{ count: string }]>(
      `SELECT count(*) FROM opt_outs o WHERE ${matching}`,
      [outletIds, digits],
    );
    const [since, number] = after === undefined ? [null, null] : readCursor(Position, after, 'after');
    const rows = await this.dataSource.query<OptOutRow[]>(
      `SELECT o.number, o.opted_out_at,
         (SELECT min(c.name) FROM contacts c WHERE c.number = o.number AND ($1::uuid[] IS NULL OR c.outlet_id = ANY ($1))) AS name
       FROM opt_outs o
       WHERE ${matching} AND ($3::timestamptz IS NULL OR (o.opted_out_at, o.number) < ($3, $4::text))
       ORDER BY o.opted_out_at DESC, o.number DESC LIMIT ${limit + 1}`,
      [outletIds, digits, since, number],
    );
    const { shown, next } = pageOfRows(rows, limit, (row) => [row.opted_out_at, row.number]);
    return { count: Number(count), optOuts: await this.withReasons(caller, shown), next };
  }

  /** Empty alike for a number that never opted out and for one that does not exist for this caller. */
  async history(caller: Caller, phone: string): Promise<OptOutHistory> {
    const rows = await this.dataSource.query<LedgerRow[]>(
      `SELECT l.* FROM opt_out_ledger l, (SELECT $2::text AS number) o WHERE l.number = o.number AND ${VISIBLE} ORDER BY l.id DESC`,
      [boundTo(caller), phone],
    );
    const ledger = rows.map((row) => toEntry(row, caller));
    return { phone, optedOut: ledger[0]?.action === 'OPT_OUT', ledger };
  }

  private async withReasons(caller: Caller, rows: OptOutRow[]): Promise<OptOut[]> {
    const reasons = await this.dataSource.query<LedgerRow[]>(
      `SELECT DISTINCT ON (number) * FROM opt_out_ledger
       WHERE number = ANY ($1) AND action = 'OPT_OUT' ORDER BY number, id DESC`,
      [rows.map(({ number }) => number)],
    );
    const byNumber = new Map(reasons.map((row) => [row.number, toEntry(row, caller)]));
    return rows.map(({ number, name, opted_out_at }) => ({
      phone: number,
      name,
      since: opted_out_at.toISOString(),
      entry: byNumber.get(number)!,
    }));
  }
}

type LedgerRow = Pick<OptOutLedgerEntity, 'id' | 'number' | 'action' | 'means' | 'at' | 'keyword' | 'note'> & {
  outlet_id: string | null;
  outlet_name: string | null;
  caller_name: string | null;
};

function toEntry(row: LedgerRow, caller: Caller): OptOutLedgerEntry {
  const isForeign = row.outlet_id !== null && !maySee(caller, row.outlet_id);
  return {
    id: row.id,
    phone: row.number,
    action: row.action,
    means: row.means,
    at: row.at.toISOString(),
    outletId: isForeign ? null : row.outlet_id,
    outletName: isForeign ? null : row.outlet_name,
    keyword: row.keyword,
    by: isForeign ? null : row.caller_name,
    note: isForeign ? null : row.note,
  };
}

function boundTo(caller: Caller): readonly string[] | null {
  return caller.outletIds === 'all' ? null : caller.outletIds;
}
