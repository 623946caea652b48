import { Injectable } from '@nestjs/common';
import type { OutletStatusName, ReasonCode } from '@koneksi/contracts/outlet-status';
import type { OutletTimeline, TimelineAnswer } from '@koneksi/contracts/outlet-status-schema';
import { IN_HAND } from '@koneksi/contracts/uptime-mark';
import { DataSource } from 'typeorm';
import { Clock } from '../common/clock.js';
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

/** What every outlet went through lately, for the strips of the dashboard. */
@Injectable()
export class StatusTimeline {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
  ) {}

  /** In the order of `outletIds`. */
  async of(outletIds: readonly string[], hours: number): Promise<TimelineAnswer> {
    const to = Math.round(this.clock.wall());
    const window = { from: to - hours * HOUR_MS, to };
    const from = new Date(window.from).toISOString();
    const rows = await this.dataSource.query<CourseRow[]>(COURSES_SQL, [outletIds, from, [...IN_HAND]]);
    return {
      success: true,
      from,
      to: new Date(to).toISOString(),
      outlets: rows.map((row): OutletTimeline => ({
        outletId: row.outlet_id,
        ...toTimeline(toCourse(row), window, MAX_SEGMENTS),
      })),
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

/** One row per outlet, its changes in one text: half a million rows, or JSON of them, take several times as long. */
const COURSES_SQL = `
  SELECT o.id AS outlet_id, earlier.told AS before, settled.told AS settled, later.changes
  FROM unnest($1::uuid[]) WITH ORDINALITY o(id, place)
  LEFT JOIN LATERAL (
    SELECT c.reason_code, c.status || ' ' || coalesce(c.reason_code, '') AS told FROM outlet_status_change c
    WHERE c.outlet_id = o.id AND c.milestone AND c.status IS NOT NULL AND c.at <= $2
    ORDER BY c.at DESC, c.cursor DESC LIMIT 1
  ) earlier ON true
  LEFT JOIN LATERAL (
    SELECT c.status || ' ' || coalesce(c.reason_code, '') AS told FROM outlet_status_change c
    WHERE earlier.reason_code = ANY ($3::text[]) AND coalesce(c.reason_code, '') <> ALL ($3::text[])
      AND c.outlet_id = o.id AND c.milestone AND c.status IS NOT NULL AND c.at <= $2
    ORDER BY c.at DESC, c.cursor DESC LIMIT 1
  ) settled ON true
  LEFT JOIN LATERAL (
    SELECT string_agg(
      (date_part('epoch', c.at) * 1000)::bigint::text || ' ' || c.status || ' ' || coalesce(c.reason_code, ''),
      ',' ORDER BY c.at, c.cursor) AS changes
    FROM outlet_status_change c
    WHERE c.outlet_id = o.id AND c.milestone AND c.status IS NOT NULL AND c.at > $2
  ) later ON true
  ORDER BY o.place`;
