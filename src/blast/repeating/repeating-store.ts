import type { OutletZone } from '@koneksi/contracts/blast-states';
import type { WayOut } from '@koneksi/contracts/way-out';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Clock } from '../../common/clock.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { zoneOf } from '../asked-again.js';
import type { Day } from './domain/days.js';
import { nextDay, type Zones } from './domain/occurrences.js';
import type { BlastRepetitionEntity, RepeatingBlastEntity } from './repeating-blast.entity.js';

export type Outcome = Pick<BlastRepetitionEntity, 'outcome' | 'blastId' | 'reason'>;

/** A repeating blast with what it says, as the database has it. */
export interface RepeatingRow extends Omit<RepeatingBlastEntity, 'nextOn'> {
  nextOn: Day | null;
  zones: Zones;
  title: string;
  mediaId: string | null;
  wayOut: WayOut;
  wrappedKey: Buffer;
  message: Buffer | null;
  createdAt: Date;
  createdBy: string;
  repetitions: {
    on: Day;
    outcome: BlastRepetitionEntity['outcome'];
    blastId: string | null;
    reason: string | null;
    at: string;
  }[];
}

/** For an outlet `o` and a repetition `r`: of one for all outlets, each there is now. */
const IS_AT = 'CASE WHEN r.outlet_ids IS NULL THEN o.is_active ELSE o.id = ANY (r.outlet_ids) END';
/** Where it is due next. */
const ZONES = `coalesce(nullif(ARRAY(
      SELECT DISTINCT ${zoneOf('o.id')} FROM outlets o WHERE ${IS_AT} AND o.id <> ALL (r.not_at)), '{}'), '{Asia/Jakarta}')`;

export const ROWS_SQL = `
  SELECT r.id, r.status, r.rule, CASE WHEN r.outlet_ids IS NOT NULL THEN ARRAY(
      SELECT o.id FROM outlets o WHERE o.id = ANY (r.outlet_ids) ORDER BY array_position(r.outlet_ids, o.id)) END AS "outletIds", r.audience, r.way_out_language AS "wayOutLanguage",
    to_char(r.next_on, 'YYYY-MM-DD') AS "nextOn", r.not_at AS "notAt", ${ZONES} AS zones, r.by_id AS "byId", r.by_name AS "byName", r.awaits_admin AS "awaitsAdmin",
    b.title, b.media_id AS "mediaId", b.way_out AS "wayOut", b.wrapped_key AS "wrappedKey", b.message,
    b.created_at AS "createdAt", b.created_by_name AS "createdBy",
    coalesce((
      SELECT jsonb_agg(jsonb_build_object('on', to_char(o.due_on, 'YYYY-MM-DD'), 'outcome', o.outcome, 'blastId', o.blast_id,
        'reason', o.reason, 'at', o.at) ORDER BY o.due_on DESC)
      FROM (SELECT * FROM blast_repetitions WHERE repeating_id = r.id ORDER BY due_on DESC LIMIT 12) o), '[]') AS repetitions
  FROM repeating_blasts r JOIN blasts b ON b.id = r.id`;

/** What becomes of a day on which one is paused, by whose hand or by the end of a right. */
export const skipped = ({ awaitsAdmin }: Pick<RepeatingRow, 'awaitsAdmin'>): Outcome => ({
  outcome: 'skipped',
  blastId: null,
  reason: awaitsAdmin ? 'AWAITS_ADMIN' : 'PAUSED',
});

/** A repetition is no more to be made: somebody paused or stopped it, or it was made already. */
export class Withdrawn extends Error {}

/** Which repetitions are due, and what became of them. */
@Injectable()
export class RepeatingStore {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly clock: Clock,
  ) {}

  /** With a next day up to this one, those that are paused too: what they leave out is told. */
  due(until: Day): Promise<RepeatingRow[]> {
    return this.dataSource.query(
      `${ROWS_SQL} WHERE r.status IN ('active', 'paused') AND r.next_on <= $1::date ORDER BY r.next_on, r.id`,
      [until],
    );
  }

  /** Each with its clock. */
  outletsOf({ id }: Pick<RepeatingRow, 'id'>): Promise<{ id: string; zone: OutletZone }[]> {
    return this.dataSource.query(
      `SELECT o.id, ${zoneOf('o.id')} AS zone FROM repeating_blasts r JOIN outlets o ON ${IS_AT} WHERE r.id = $1 ORDER BY o.id`,
      [id],
    );
  }

  /**
   * Moves on to the next day, in the transaction that makes this one's blast: of two that try one finds it done, whatever
   * was killed or set back in between.
   * @throws {Withdrawn}
   */
  async moveOn(
    { id, rule, status }: Pick<RepeatingRow, 'id' | 'rule' | 'status'>,
    day: Day,
    { outcome, blastId, reason }: Outcome,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<void> {
    const [row] = await manager.query<{ moved: number }[]>(
      `WITH moved AS (
         UPDATE repeating_blasts SET next_on = $3::date, not_at = '{}', status = CASE WHEN $3::date IS NULL THEN 'stopped' ELSE status END
         WHERE id = $1 AND status = $8 AND next_on = $2::date RETURNING id),
       told AS (
         INSERT INTO blast_repetitions (repeating_id, due_on, outcome, blast_id, reason, at)
         SELECT id, $2::date, $4, $5::uuid, $6, $7 FROM moved)
       SELECT count(*)::int AS moved FROM moved`,
      [id, day, nextDay(rule, day), outcome, blastId, reason, new Date(this.clock.wall()), status],
    );
    if (row?.moved !== 1) throw new Withdrawn();
  }
}
