import { Injectable } from '@nestjs/common';
import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import type { ReasonParams } from '@koneksi/contracts/outlet-status-schema';
import type { StatusFacts } from '@koneksi/contracts/status-facts';
import type { EntityManager } from 'typeorm';
import { Clock } from '../common/clock.js';
import { Duties } from '../common/duties.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { conditionOf } from './domain/condition.js';
import type { Decision, IncidentState, Member, OpenIncident, Sighting } from './domain/incident-state.js';

interface OpenRow {
  id: string;
  code: ReasonCode | null;
  params: ReasonParams;
  started_at: Date;
  last_fell_at: Date;
}

interface MemberRow {
  incident_id: string;
  outlet_id: string;
  name: string;
  since: Date;
  until: Date | null;
  relapses: number;
}

interface NewestRow {
  outlet_id: string;
  cursor: string;
  at: Date;
  revision: string;
  element: Omit<StatusFacts, 'revision'>;
}

/** What was known when the process ended, and the newest change of each outlet since. */
export interface Resumed {
  state: IncidentState;
  sightings: Sighting[];
  /** By outlet: changes up to there are in `sightings`. */
  cursors: ReadonlyMap<string, number>;
}

/** Incidents in PostgreSQL, in one statement's truth. Rows tell wall time, the state a clock that never jumps. */
@Injectable()
export class IncidentStore {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly clock: Clock,
    private readonly duties: Duties,
  ) {}

  async resume(relapseWithinMs: number): Promise<Resumed> {
    const [open, members, recovered, newest] = await Promise.all([
      this.dataSource.query<OpenRow[]>('SELECT * FROM incident WHERE ended_at IS NULL ORDER BY started_at'),
      this.dataSource.query<MemberRow[]>(
        'SELECT o.* FROM incident_outlet o JOIN incident i ON i.id = o.incident_id WHERE i.ended_at IS NULL',
      ),
      this.dataSource.query<{ outlet_id: string; until: Date }[]>(
        'SELECT outlet_id, max(until) AS until FROM incident_outlet WHERE until > $1 GROUP BY outlet_id',
        [new Date(this.clock.wall() - relapseWithinMs)],
      ),
      this.dataSource.query<NewestRow[]>(NEWEST_SQL),
    ]);
    const membersOf = Map.groupBy(members, ({ incident_id }) => incident_id);
    const known = new Set(newest.map(({ outlet_id }) => outlet_id));
    const gone = members.filter(({ outlet_id, until }) => until === null && !known.has(outlet_id));
    return {
      state: {
        open: new Map(open.map((row) => [row.id, this.toIncident(row, membersOf.get(row.id) ?? [])])),
        falls: new Map(),
        recovered: new Map(recovered.map(({ outlet_id, until }) => [outlet_id, this.steady(until)])),
      },
      sightings: [
        ...newest.map((row) => this.toSighting(row)),
        ...gone.map((row) => ({ outletId: row.outlet_id, name: row.name, at: this.clock.now(), condition: OFF })),
      ],
      cursors: new Map(newest.map(({ outlet_id, cursor }) => [outlet_id, Number(cursor)])),
    };
  }

  /** All of a decision or nothing of it. @throws where it is another process's to decide */
  async save({ opened, changed, closed }: Decision): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.duties.hold(manager))) throw new Error('another node keeps them');
      for (const incident of [...opened, ...changed]) await this.write(manager, incident, null);
      for (const { incident, endedAt } of closed) await this.write(manager, incident, endedAt);
    });
  }

  private async write(manager: EntityManager, incident: OpenIncident, endedAt: number | null): Promise<void> {
    const { id, code, params, startedAt, lastFellAt, members } = incident;
    const told = [id, code, params, this.wall(startedAt), this.wall(lastFellAt), this.wall(endedAt)];
    await manager.query(
      `INSERT INTO incident (id, code, params, started_at, last_fell_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (id) DO UPDATE SET code = EXCLUDED.code, params = EXCLUDED.params, started_at = least(incident.started_at, EXCLUDED.started_at),
         last_fell_at = EXCLUDED.last_fell_at, ended_at = EXCLUDED.ended_at`,
      told,
    );
    const all = [...members.values()];
    await manager.query(MEMBERS_SQL, [
      id,
      all.map(({ outletId }) => outletId),
      all.map(({ name }) => name),
      all.map(({ since }) => this.wall(since)),
      all.map(({ until }) => this.wall(until)),
      all.map(({ relapses }) => relapses),
    ]);
  }

  private toIncident(row: OpenRow, members: readonly MemberRow[]): OpenIncident {
    const { id, code, params, started_at, last_fell_at } = row;
    return {
      id,
      code,
      params,
      startedAt: this.steady(started_at),
      lastFellAt: this.steady(last_fell_at),
      members: new Map(members.map((member) => [member.outlet_id, this.toMember(member)])),
    };
  }

  private toMember({ outlet_id, name, since, until, relapses }: MemberRow): Member {
    const wellSince = until && this.steady(until);
    return { outletId: outlet_id, name, since: this.steady(since), until: wellSince, relapses, gone: false };
  }

  private toSighting({ outlet_id, at, revision, element }: NewestRow): Sighting {
    const status = { ...element, revision: Number(revision) };
    const since = this.steady(element.since ? new Date(element.since) : at);
    return { outletId: outlet_id, name: element.outlet.name, at: since, condition: conditionOf(status) };
  }

  private steady(wall: Date): number {
    return Math.min(wall.getTime() - this.clock.skew(), this.clock.now());
  }

  private wall(steady: number): Date;
  private wall(steady: number | null): Date | null;
  private wall(steady: number | null): Date | null {
    return steady === null ? null : new Date(steady + this.clock.skew());
  }
}

const OFF = { kind: 'off' } as const;

/** The log keeps the newest change of each outlet, however old. */
const NEWEST_SQL = `
  SELECT c.outlet_id, c.cursor, c.at, c.revision, c.element FROM outlets o
  CROSS JOIN LATERAL (
    SELECT * FROM outlet_status_change WHERE outlet_id = o.id ORDER BY cursor DESC LIMIT 1
  ) c
  WHERE c.element IS NOT NULL`;

/** Only what has changed is written, of however many outlets. */
const MEMBERS_SQL = `
  INSERT INTO incident_outlet (incident_id, outlet_id, name, since, until, relapses)
  SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::int[])
  ON CONFLICT (incident_id, outlet_id) DO UPDATE
    SET since = EXCLUDED.since, until = EXCLUDED.until, relapses = EXCLUDED.relapses
    WHERE (incident_outlet.until, incident_outlet.relapses) IS DISTINCT FROM (EXCLUDED.until, EXCLUDED.relapses)`;
