import { Injectable } from '@nestjs/common';
import type { OutletZone } from '@koneksi/contracts/blast-states';
import type { Mark } from '@koneksi/contracts/uptime-mark';
import { DataSource, type EntityManager } from 'typeorm';
import { PlannedWork } from '../alerts/planned-work.js';
import { follow } from './domain/course.js';
import { keyOf } from './domain/frame.js';
import { NO_TIME, Tally, type Sums } from './domain/sums.js';
import { offsetOf } from './uptime-book.js';

/** Whose sums; `withRemoved`: also of outlets that are not there any more. */
export interface Audience {
  readonly outletIds: 'all' | readonly string[];
  readonly withRemoved?: boolean;
}

/** Keys of hours or days, both included. */
export interface Range {
  readonly unit: 'hour' | 'day';
  readonly first: string;
  readonly last: string;
  /** What is later counts with the last: a day that has begun further east. */
  readonly isOpen: boolean;
}

/** What sums are parted by; keys are `2026-11-27`, `17` and `17 2026-11-27`. */
export type Parting = 'bar' | 'outlet' | 'outlet and bar';

/** An outlet as the book knows it. */
export interface Counted {
  readonly no: number;
  readonly outletId: string;
  readonly name: string;
  readonly city: string | null;
  readonly offsetMs: number;
  readonly isThere: boolean;
}

interface CourseRow {
  no: number;
  outlet_id: string;
  name: string;
  city: string | null;
  mark: Mark | null;
  upto: Date;
  zone: OutletZone | null;
}

interface SumRow {
  no: number | null;
  at: Date | string | null;
  up: string | number;
  down: string | number;
  paused: string | number;
}

/**
 * Sums up to now: what the book has, and what has passed of each outlet's course since. Both are read in one moment, so
 * that nothing is missing and nothing told twice.
 */
@Injectable()
export class UptimeSums {
  constructor(
    private readonly dataSource: DataSource,
    private readonly planned: PlannedWork,
  ) {}

  async outlets(audience: Audience): Promise<Counted[]> {
    return (await coursesOf(this.dataSource.manager, audience)).map(toCounted);
  }

  /** @param now up to when */
  async read(
    audience: Audience,
    range: Range,
    parting: Parting,
    now: number,
  ): Promise<{ counted: Counted[]; sums: Tally }> {
    const plannedFor = await this.planned.read();
    const { rows, kept } = await this.dataSource.transaction('REPEATABLE READ', async (manager) => {
      const courses = await coursesOf(manager, audience);
      return { rows: courses, kept: await keptOf(manager, courses, range, parting) };
    });
    const sums = new Tally();
    const add = (no: number | null, at: string | null, more: Sums): void => {
      const key = keyIn(range, parting, no, at);
      if (key !== null) sums.add(key, more);
    };
    for (const { no, at, up, down, paused } of kept)
      add(no, textOf(at), { up: Number(up), down: Number(down), paused: Number(paused) });
    for (const row of rows) {
      const offsetMs = offsetOf(row.zone);
      const terms = { offsetMs, planned: plannedFor(row.outlet_id, row.city), blind: [], hoursFrom: -Infinity };
      const { shares } = follow({ mark: row.mark, upto: row.upto.getTime() }, [], now, terms);
      for (const { from, mark, ms } of shares)
        add(row.no, keyOf(from, range.unit, offsetMs), { ...NO_TIME, [mark]: ms });
    }
    return { counted: rows.map(toCounted), sums };
  }
}

/** `null`: outside of what was asked for. Keys of one kind are in the order of time. */
function keyIn({ first, last, isOpen }: Range, parting: Parting, no: number | null, at: string | null): string | null {
  if (at !== null && (at < first || (at > last && !isOpen))) return null;
  const bar = at !== null && at > last ? last : at;
  return [parting !== 'bar' ? no : null, parting !== 'outlet' ? bar : null].filter((part) => part !== null).join(' ');
}

const textOf = (at: Date | string | null): string | null => (at instanceof Date ? at.toISOString() : at);

function toCounted({ no, outlet_id, name, city, mark, zone }: CourseRow): Counted {
  return { no, outletId: outlet_id, name, city, offsetMs: offsetOf(zone), isThere: mark !== null };
}

async function coursesOf(manager: EntityManager, { outletIds, withRemoved }: Audience): Promise<CourseRow[]> {
  return manager.query<CourseRow[]>(
    `SELECT u.*, b.zone FROM uptime_outlets u LEFT JOIN blast_settings b ON b.outlet_id = u.outlet_id
     WHERE ($1::uuid[] IS NULL OR u.outlet_id = ANY ($1)) AND ($2 OR u.mark IS NOT NULL) ORDER BY u.name, u.no`,
    [outletIds === 'all' ? null : outletIds, withRemoved ?? false],
  );
}

async function keptOf(
  manager: EntityManager,
  rows: readonly CourseRow[],
  { unit, first, last, isOpen }: Range,
  parting: Parting,
): Promise<SumRow[]> {
  const { table, at, type, text } = TABLES[unit];
  const sums = 'sum(up) AS up, sum(down) AS down, sum(paused) AS paused';
  const [columns, group] = {
    bar: [`NULL AS no, ${text} AS at, ${sums}`, `GROUP BY ${at}`],
    outlet: [`no, NULL AS at, ${sums}`, 'GROUP BY no'],
    'outlet and bar': [`no, ${text} AS at, up, down, paused`, ''],
  }[parting];
  return manager.query<SumRow[]>(
    `SELECT ${columns} FROM ${table}
     WHERE ${at} >= $1::${type} AND ($2::${type} IS NULL OR ${at} <= $2) AND ($3::int[] IS NULL OR no = ANY ($3)) ${group}`,
    [first, isOpen ? null : last, await narrowing(manager, rows)],
  );
}

const TABLES = {
  hour: { table: 'uptime_hours', at: 'hour', type: 'timestamptz', text: 'hour' },
  day: { table: 'uptime_days', at: 'day', type: 'date', text: 'day::text' },
} as const;

/** `null` where these are all there are: then no row is looked up among them. */
async function narrowing(manager: EntityManager, rows: readonly CourseRow[]): Promise<number[] | null> {
  const [all] = await manager.query<{ count: number }[]>('SELECT count(*)::int AS count FROM uptime_outlets');
  return all!.count === rows.length ? null : rows.map(({ no }) => no);
}
