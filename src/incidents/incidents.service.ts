import { Injectable } from '@nestjs/common';
import type { Incident, IncidentOutlet, IncidentPage, IncidentsQuery } from '@koneksi/contracts/incidents';
import { Id } from '@koneksi/contracts/id';
import { RequestInstant } from '@koneksi/contracts/instant';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import { toReason, type Locale } from '@koneksi/contracts/reason-texts';
import { DataSource } from 'typeorm';
import * as z from 'zod';
import type { Caller } from '../auth/caller.js';
import { includesRole } from '../auth/rights.js';
import { DomainError } from '../common/domain-error.js';
import { EventBus } from '../common/event-bus.js';
import { pageOfRows, readCursor } from '../common/page-cursor.js';

const Position = z.tuple([RequestInstant, Id]);
/** How many outlets a list names of each incident. */
const NAMED = 3;

interface IncidentRow {
  id: string;
  code: ReasonCode | null;
  params: ReasonParams;
  started_at: Date;
  ended_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  struck: string;
  down: string;
  /** Of all, whoever may see them. */
  total: string;
  outlets: { outletId: string; name: string; since: string; until: string | null }[];
}

/** Incidents as a caller may see them: with those of their outlets alone, and none that struck no other. */
@Injectable()
export class Incidents {
  constructor(
    private readonly dataSource: DataSource,
    private readonly bus: EventBus,
  ) {}

  /** Newest first. */
  async page(caller: Caller, query: IncidentsQuery, locale: Locale): Promise<IncidentPage> {
    const { open, from, to, outletId, after, limit } = query;
    const [startedAt, id] = after === undefined ? [null, null] : readCursor(Position, after, 'after');
    const rows = await this.dataSource.query<IncidentRow[]>(
      `SELECT i.*, m.* FROM incident i ${VISIBLE}
       WHERE m.struck > 0
         AND ($2::boolean IS NULL OR (i.ended_at IS NULL) = $2)
         AND ($3::timestamptz IS NULL OR i.ended_at IS NULL OR i.ended_at >= $3)
         AND ($4::timestamptz IS NULL OR i.started_at < $4)
         AND ($5::uuid IS NULL OR EXISTS (SELECT FROM incident_outlet WHERE incident_id = i.id AND outlet_id = $5
           AND ($1::uuid[] IS NULL OR outlet_id = ANY ($1))))
         AND ($6::timestamptz IS NULL OR (i.started_at, i.id) < ($6, $7::uuid))
       ORDER BY i.started_at DESC, i.id DESC LIMIT ${limit + 1}`,
      [boundTo(caller), open ?? null, from ?? null, to ?? null, outletId ?? null, startedAt, id],
    );
    const { shown, next } = pageOfRows(rows, limit, (row) => [row.started_at, row.id]);
    const items = shown.map((row) => toIncident({ ...row, outlets: row.outlets.slice(0, NAMED) }, caller, locale));
    return { items, next };
  }

  /** With every outlet of it that exists for the caller. @throws `INCIDENT_NOT_FOUND` */
  async require(caller: Caller, id: string, locale: Locale): Promise<Incident> {
    const [row] = Id.safeParse(id).success
      ? await this.dataSource.query<IncidentRow[]>(
          `SELECT i.*, m.* FROM incident i ${VISIBLE} WHERE m.struck > 0 AND i.id = $2`,
          [boundTo(caller), id],
        )
      : [];
    if (!row) throw new DomainError('INCIDENT_NOT_FOUND', 404, 'no such incident');
    return toIncident(row, caller, locale);
  }

  /**
   * The caller takes care of it from now on, whoever did before. Of what struck others, too, an ADMIN decides.
   * @throws `INCIDENT_NOT_FOUND`, `INCIDENT_ENDED`, `FORBIDDEN`
   */
  async acknowledge(caller: Caller, id: string, locale: Locale): Promise<Incident> {
    const { mayAcknowledge, endedAt } = await this.require(caller, id, locale);
    if (!mayAcknowledge && !endedAt)
      throw new DomainError('FORBIDDEN', 403, 'it struck outlets of others, too; an ADMIN takes care of it');
    const members = await this.dataSource.query<{ outlet_id: string }[]>(
      'SELECT outlet_id FROM incident_outlet WHERE incident_id = $1',
      [id],
    );
    const [, taken] = await this.dataSource.query<[unknown, number]>(
      `UPDATE incident SET acknowledged_at = now(), acknowledged_by = $2 WHERE id = $1 AND ended_at IS NULL`,
      [id, caller.name],
    );
    if (taken === 0) throw new DomainError('INCIDENT_ENDED', 409, 'the incident is over');
    this.bus.publish('incident.changed', { incidentId: id, outletIds: members.map(({ outlet_id }) => outlet_id) });
    return this.require(caller, id, locale);
  }
}

const boundTo = ({ outletIds }: Caller): readonly string[] | null => (outletIds === 'all' ? null : outletIds);

/** What a caller sees of an incident's outlets; `$1` is null for those who see all. */
const VISIBLE = `
  CROSS JOIN LATERAL (
    SELECT count(*) AS struck, count(*) FILTER (WHERE until IS NULL) AS down,
      jsonb_agg(jsonb_build_object('outletId', outlet_id, 'name', name, 'since', since, 'until', until)
        ORDER BY since, name, outlet_id) AS outlets,
      (SELECT count(*) FROM incident_outlet WHERE incident_id = i.id) AS total
    FROM incident_outlet WHERE incident_id = i.id AND ($1::uuid[] IS NULL OR outlet_id = ANY ($1))
  ) m`;

function toIncident(row: IncidentRow, caller: Caller, locale: Locale): Incident {
  return {
    id: row.id,
    // Times and numbers are those of one outlet, which need not be the reader's.
    reason: toReason(row.code, row.total === row.struck ? row.params : {}, locale),
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    struck: Number(row.struck),
    down: Number(row.down),
    acknowledged: row.acknowledged_at && {
      by: row.acknowledged_by ?? '',
      at: row.acknowledged_at.toISOString(),
    },
    mayAcknowledge: row.ended_at === null && (includesRole(caller.role, 'ADMIN') || row.total === row.struck),
    outlets: row.outlets.map(({ outletId, name, since, until }): IncidentOutlet => ({
      outletId,
      name,
      since: new Date(since).toISOString(),
      until: until && new Date(until).toISOString(),
    })),
  };
}
