import { Injectable } from '@nestjs/common';
import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import type { StatusFacts } from '@koneksi/contracts/status-facts';
import type { Interval, Mark } from '@koneksi/contracts/uptime-mark';
import type { EntityManager } from 'typeorm';
import { PlannedWork } from '../alerts/planned-work.js';
import { Clock } from '../common/clock.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { conditionOf } from '../incidents/domain/condition.js';
import { noteBlind } from '../status-log/blind-spans.js';
import type { PlannedFor } from '../status-log/planned-time.js';
import { follow, hourOf, type Course, type CourseTerms, type Turn } from './domain/course.js';
import { keyOf } from './domain/frame.js';
import { Tally } from './domain/sums.js';

/** Changes of the log that are counted in one transaction. */
const BATCH = 500;
/** Sums that are added by one statement: after an update there may be a month of all outlets. */
const ROWS = 10_000;
const HOUR_MS = 3_600_000;
/** For how long hours are kept beside days. */
const HOURS_KEPT = 72;
/** Whoever looks every half minute and did not for so long did not live through it: the machine slept, or its clock was set. */
const LAPSE_MS = 120_000;

interface Progress {
  cursor: string;
  alive_at: Date | null;
  counted_at: Date | null;
}

interface ChangeRow {
  cursor: string;
  outlet_id: string;
  at: Date;
  element: Omit<StatusFacts, 'revision'> | null;
}

interface CourseRow {
  no: number;
  outlet_id: string;
  name: string;
  city: string | null;
  mark: Mark | null;
  upto: Date;
  zone: OutletZone | null;
  is_there: boolean;
}

/**
 * Reads the status log by cursor into sums of hours and days. Cursor and sums are one transaction: whenever a process
 * dies, each change has been counted once or not at all.
 */
@Injectable()
export class UptimeBook {
  /** Until the first look, nobody knows what was since the last one of a process before. */
  private isFirst = true;
  /** When nobody looked; kept until all outlets have been counted past it. */
  private blind: Interval[] = [];

  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly planned: PlannedWork,
    private readonly clock: Clock,
  ) {}

  /** While another process keeps it, time goes on that somebody saw. */
  isKeptElsewhere(): void {
    this.isFirst = false;
    this.blind = [];
  }

  /** Counts the next changes, and all outlets where an hour has passed. @returns whether there may be more to read */
  async keep(): Promise<boolean> {
    const now = Math.round(this.clock.wall());
    const plannedFor = await this.planned.read();
    const isDrained = await this.dataSource.transaction(async (manager) => {
      const progress = await progressOf(manager);
      this.noteBlindness(progress, now);
      await noteBlind(manager, this.blind);
      const changes = await manager.query<ChangeRow[]>(CHANGES_SQL, [progress.cursor, BATCH]);
      const drained = changes.length < BATCH;
      const isRound = drained && (this.blind.length > 0 || hasHourPassed(progress, now));
      const turns = Map.groupBy(changes, ({ outlet_id }) => outlet_id);
      await manager.query(ARRIVALS_SQL, arrivalsOf(turns));
      const rows = await manager.query<CourseRow[]>(COURSES_SQL, [[...turns.keys()], isRound]);
      await this.count(manager, rows, turns, isRound ? now : null, plannedFor);
      const cursor = changes.at(-1)?.cursor ?? progress.cursor;
      const isSeen = drained && (isRound || this.blind.length === 0);
      await manager.query(PROGRESS_SQL, [cursor, isSeen ? new Date(now) : null, isRound ? new Date(now) : null]);
      return drained;
    });
    if (isDrained) this.blind = [];
    return !isDrained;
  }

  private noteBlindness({ alive_at }: Progress, now: number): void {
    const from = alive_at?.getTime() ?? now;
    if (from < now && (this.isFirst || now - from > LAPSE_MS) && this.blind.length === 0)
      this.blind = [{ from, to: now }];
    this.isFirst = false;
  }

  private async count(
    manager: EntityManager,
    rows: readonly CourseRow[],
    turns: ReadonlyMap<string, readonly ChangeRow[]>,
    until: number | null,
    plannedFor: PlannedFor,
  ): Promise<void> {
    const [hours, days] = [new Tally(), new Tally()];
    const hoursFrom = hourOf(this.clock.wall()) - HOURS_KEPT * HOUR_MS;
    const courses = rows.map((row) => {
      const offsetMs = offsetOf(row.zone);
      const terms: CourseTerms = {
        offsetMs,
        planned: plannedFor(row.outlet_id, row.city),
        blind: this.blind,
        hoursFrom,
      };
      const own = turns.get(row.outlet_id) ?? [];
      const { course, shares } = follow(startOf(row), own.map(toTurn), until, terms);
      for (const share of shares) {
        days.addShare(`${row.no} ${keyOf(share.from, 'day', offsetMs)}`, share);
        if (share.from >= hoursFrom) hours.addShare(`${row.no} ${keyOf(share.from, 'hour', offsetMs)}`, share);
      }
      return { row, course, told: own.findLast(({ element }) => element !== null)?.element?.outlet };
    });
    await manager.query(WHERE_SQL, [
      courses.map(({ row }) => row.no),
      courses.map(({ row, course }) => (row.is_there || turns.has(row.outlet_id) ? course.mark : null)),
      courses.map(({ course }) => new Date(course.upto)),
      courses.map(({ row, told }) => told?.name ?? row.name),
      courses.map(({ row, told }) => (told ? told.city : row.city)),
    ]);
    for (const part of partsOf(days)) await manager.query(addSql('uptime_days', 'day', 'date'), part);
    for (const part of partsOf(hours)) await manager.query(addSql('uptime_hours', 'hour', 'timestamptz'), part);
  }
}

export const offsetOf = (zone: OutletZone | null): number =>
  OUTLET_ZONES[zone ?? 'Asia/Jakarta'].offsetMinutes * 60_000;

const startOf = ({ mark, upto }: CourseRow): Course => ({ mark, upto: upto.getTime() });

const hasHourPassed = ({ counted_at }: Progress, now: number): boolean =>
  counted_at === null || hourOf(now) > hourOf(counted_at.getTime());

function toTurn({ at, element }: ChangeRow): Turn {
  if (!element) return { at: at.getTime(), kind: 'removed' };
  // What was written before there were warnings lacks them.
  const status = { ...element, warnings: element.warnings ?? [], revision: 0 };
  return { at: at.getTime(), kind: conditionOf(status).kind };
}

async function progressOf(manager: EntityManager): Promise<Progress> {
  await manager.query('INSERT INTO uptime_progress (id, cursor) VALUES (1, 0) ON CONFLICT (id) DO NOTHING');
  const [row] = await manager.query<Progress[]>('SELECT * FROM uptime_progress WHERE id = 1 FOR UPDATE');
  return row!;
}

/** Whoever is told of, as far as it is not known yet: from its first change on. */
function arrivalsOf(turns: ReadonlyMap<string, readonly ChangeRow[]>): unknown[] {
  const firsts = [...turns.values()].flatMap((changes) => changes.find(({ element }) => element !== null) ?? []);
  return [
    firsts.map(({ outlet_id }) => outlet_id),
    firsts.map(({ element }) => element!.outlet.name),
    firsts.map(({ element }) => element!.outlet.city),
    firsts.map(({ at }) => at),
  ];
}

function* partsOf(tally: Tally): Generator<unknown[]> {
  const entries = tally.entries().map(([key, sums]) => ({ no: key.split(' ')[0], at: key.split(' ')[1], ...sums }));
  for (let first = 0; first < entries.length; first += ROWS) {
    const rows = entries.slice(first, first + ROWS);
    yield [
      rows.map(({ no }) => no),
      rows.map(({ at }) => at),
      rows.map(({ up }) => up),
      rows.map(({ down }) => down),
      rows.map(({ paused }) => paused),
    ];
  }
}

const CHANGES_SQL = `
  SELECT cursor, outlet_id, at, element FROM outlet_status_change WHERE cursor > $1 ORDER BY cursor LIMIT $2`;

const ARRIVALS_SQL = `
  INSERT INTO uptime_outlets (outlet_id, name, city, upto)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])
  ON CONFLICT (outlet_id) DO NOTHING`;

/** Those that changed, and in a round all that are there. A removal may be untold after a kill. */
const COURSES_SQL = `
  SELECT u.*, b.zone, o.id IS NOT NULL AS is_there FROM uptime_outlets u
  LEFT JOIN outlets o ON o.id = u.outlet_id
  LEFT JOIN blast_settings b ON b.outlet_id = u.outlet_id
  WHERE u.outlet_id = ANY ($1::uuid[]) OR ($2 AND u.mark IS NOT NULL)`;

const WHERE_SQL = `
  UPDATE uptime_outlets u SET mark = n.mark, upto = n.upto, name = n.name, city = n.city
  FROM unnest($1::int[], $2::text[], $3::timestamptz[], $4::text[], $5::text[]) AS n(no, mark, upto, name, city)
  WHERE u.no = n.no`;

const addSql = (table: string, key: string, type: string): string => `
  INSERT INTO ${table} AS t (no, ${key}, up, down, paused)
  SELECT * FROM unnest($1::int[], $2::${type}[], $3::int[], $4::int[], $5::int[])
  ON CONFLICT (no, ${key}) DO UPDATE
    SET up = t.up + EXCLUDED.up, down = t.down + EXCLUDED.down, paused = t.paused + EXCLUDED.paused`;

const PROGRESS_SQL = `
  UPDATE uptime_progress SET cursor = $1, alive_at = coalesce($2, alive_at), counted_at = coalesce($3, counted_at)
  WHERE id = 1`;
