import { Injectable } from '@nestjs/common';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import { SystemDataSource } from '../database/system-data-source.js';

export interface IncidentRecord {
  id: string;
  code: ReasonCode | null;
  params: ReasonParams;
  endedAt: Date | null;
  isAcknowledged: boolean;
  outlets: { outletId: string; name: string; since: Date; until: Date | null }[];
}

interface Row {
  id: string;
  code: ReasonCode | null;
  params: ReasonParams;
  ended_at: Date | null;
  is_acknowledged: boolean;
  outlets: { outletId: string; name: string; since: string; until: string | null }[];
}

/** Incidents whole, for work that no caller asked for. */
@Injectable()
export class IncidentReader {
  constructor(private readonly dataSource: SystemDataSource) {}

  async lasting(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>('SELECT id FROM incident WHERE ended_at IS NULL');
    return rows.map(({ id }) => id);
  }

  async endedAfter(instant: Date): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>('SELECT id FROM incident WHERE ended_at > $1', [
      instant,
    ]);
    return rows.map(({ id }) => id);
  }

  /** Those that last, those that ended after `endedAfter`, and of `ids` those that ended after `theirsAfter`. */
  async read(endedAfter: Date, ids: readonly string[], theirsAfter: Date): Promise<IncidentRecord[]> {
    const rows = await this.dataSource.query<Row[]>(
      `SELECT i.id, i.code, i.params, i.ended_at, i.acknowledged_at IS NOT NULL AS is_acknowledged, m.outlets
       FROM incident i CROSS JOIN LATERAL (
         SELECT coalesce(jsonb_agg(jsonb_build_object('outletId', outlet_id, 'name', name, 'since', since, 'until', until)
           ORDER BY since, name, outlet_id), '[]') AS outlets
         FROM incident_outlet WHERE incident_id = i.id
       ) m
       WHERE i.ended_at IS NULL OR i.ended_at > $1 OR (i.id = ANY ($2::uuid[]) AND i.ended_at > $3)
       ORDER BY i.started_at, i.id`,
      [endedAfter, ids, theirsAfter],
    );
    return rows.map((row) => ({
      id: row.id,
      code: row.code,
      params: row.params,
      endedAt: row.ended_at,
      isAcknowledged: row.is_acknowledged,
      outlets: row.outlets.map(({ outletId, name, since, until }) => ({
        outletId,
        name,
        since: new Date(since),
        until: until === null ? null : new Date(until),
      })),
    }));
  }
}
