import { Injectable } from '@nestjs/common';
import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { OutletTimeline, TimelineAnswer } from '@koneksi/contracts/outlet-status-schema';
import { IN_HAND } from '@koneksi/contracts/uptime-mark';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
import { blindSpans } from './blind-spans.js';
import { PlannedTime } from './planned-time.js';
import { turnSql } from './turn-sql.js';
import { toTimeline, type Course, type Told } from './domain/timeline.js';

const HOUR_MS = 3_600_000;
/** What one strip can show; the contract says so. */
const MAX_SEGMENTS = 120;

interface CourseRow {
  outlet_id: string;
  /** `FAILED LOGGED_OUT` */
  before: string | null;
  settled: string | null;
  /** `1763712000000 CONNECTED ,1763712060000 TIMEOUT WHATSAPP_UNREACHABLE`; `null` where nothing changed. */
  changes: string | null;
}

/** An outlet, and where it is. */
interface Placed {
  readonly id: string;
  readonly city: string | null;
}

/** What every outlet went through lately, for the strips of the dashboard. */
@Injectable()
export class StatusTimeline {
  constructor(
    private readonly dataSource: DataSource,
    private readonly planned: PlannedTime,
    private readonly clock: Clock,
  ) {}

  /** In the order of `outlets`. */
  async of(outlets: readonly Placed[], hours: number): Promise<TimelineAnswer> {
    const to = Math.round(this.clock.wall());
    const window = { from: to - hours * HOUR_MS, to };
    const from = new Date(window.from).toISOString();
    const ids = outlets.map(({ id }) => id);
    const [plannedFor, blind, rows] = await Promise.all([
      this.planned.read(),
      blindSpans(this.dataSource.manager, window.from),
      this.dataSource.query<CourseRow[]>(COURSES_SQL, [ids, from, [...IN_HAND]]),
    ]);
    return {
      success: true,
      from,
      to: new Date(to).toISOString(),
      outlets: rows.map((row, index): OutletTimeline => {
        const planned = plannedFor(row.outlet_id, outlets[index]!.city).filter((work) => work.to > window.from);
        return {
          outletId: row.outlet_id,
          ...toTimeline(toCourse(row), { planned, blind }, window, MAX_SEGMENTS),
          planned: planned.map((work) => ({
            from: new Date(work.from).toISOString(),
            to: new Date(work.to).toISOString(),
          })),
        };
      }),
    };
  }
}

function toCourse({ before, settled, changes }: CourseRow): Course {
  const list = changes?.split(',') ?? [];
  return {
    before: toTold(before),
    settled: toTold(settled),
    changes: list.map((change) => {
      const [at, status, code] = change.split(' ');
      return { at: Number(at), ...told(status, code) };
    }),
  };
}

const toTold = (text: string | null): Told | null => (text === null ? null : told(...text.split(' ')));

const told = (status?: string, code?: string): Told => ({
  status: status as OutletStatusName,
  code: (code || null) as ReasonCode | null,
});

/**
 * Status and code. What is connected and yet not healthy is told to stay away once it falls, as who is switched off, or
 * proves nothing.
 */
const TOLD_SQL = `c.status || ' ' || CASE
  WHEN c.status <> 'CONNECTED' THEN coalesce(c.reason_code, '')
  WHEN c.element ->> 'healthy' IS DISTINCT FROM 'false' THEN ''
  WHEN c.element -> 'criteria' @>
    '{"databaseConnected": true, "liveConnected": true, "websocketOpen": true, "userPresent": true}' THEN 'AUTO_RECONNECT_OFF'
  ELSE 'DEGRADED' END`;

/** One row per outlet, its changes in one text: half a million rows, or JSON of them, take several times as long. */
const COURSES_SQL = `
  SELECT o.id AS outlet_id, earlier.told AS before, settled.told AS settled, later.changes
  FROM unnest($1::uuid[]) WITH ORDINALITY o(id, place)
  LEFT JOIN LATERAL (
    SELECT c.reason_code, ${TOLD_SQL} AS told FROM outlet_status_change c
    WHERE c.outlet_id = o.id AND ${turnSql('c')} AND c.at <= $2
    ORDER BY c.at DESC, c.cursor DESC LIMIT 1
  ) earlier ON true
  LEFT JOIN LATERAL (
    SELECT ${TOLD_SQL} AS told FROM outlet_status_change c
    WHERE earlier.reason_code = ANY ($3::text[]) AND coalesce(c.reason_code, '') <> ALL ($3::text[])
      AND c.outlet_id = o.id AND ${turnSql('c')} AND c.at <= $2
    ORDER BY c.at DESC, c.cursor DESC LIMIT 1
  ) settled ON true
  LEFT JOIN LATERAL (
    SELECT string_agg(
      (date_part('epoch', c.at) * 1000)::bigint::text || ' ' || ${TOLD_SQL},
      ',' ORDER BY c.at, c.cursor) AS changes
    FROM outlet_status_change c
    WHERE c.outlet_id = o.id AND ${turnSql('c')} AND c.at > $2
  ) later ON true
  ORDER BY o.place`;
