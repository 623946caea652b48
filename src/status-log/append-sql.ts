/**
 * The end of a statement that changes outlets: numbers what its `change` holds, in the order of `seq`, and keeps it in
 * the same commit. `change` has the columns seq, outlet_id, revision, previous, status, reason_code, reason_params,
 * milestone, pressed and element. Answers `AppendedRow`s.
 */
export const APPEND_SQL = `
  counter AS (
    UPDATE status_cursor SET value = value + (SELECT count(*) FROM change) WHERE id = 1
    RETURNING value - (SELECT count(*) FROM change) AS base
  )
  INSERT INTO outlet_status_change (cursor, outlet_id, revision, previous, status, reason_code, reason_params, milestone, pressed, element)
  SELECT counter.base + row_number() OVER (ORDER BY seq), outlet_id, revision, previous, status,
    reason_code, reason_params, milestone, pressed, element
  FROM change CROSS JOIN counter
  RETURNING outlet_id, cursor, revision, at`;

export interface AppendedRow {
  outlet_id: string;
  cursor: string;
  revision: string;
  at: Date;
}

/** The revision last told of an outlet, 0 where nothing was told yet. `outletId` is an SQL expression. */
export const lastRevisionSql = (outletId: string): string => `coalesce((
  SELECT c.revision FROM outlet_status_change c WHERE c.outlet_id = ${outletId} ORDER BY c.cursor DESC LIMIT 1), 0)`;

/**
 * The outlet `$1` is gone: a change without a status, from whose revision it goes on where it is brought back. No row
 * where that was told already, or where it is there again.
 */
export const APPEND_REMOVAL_SQL = `
  WITH counter AS (
    UPDATE status_cursor SET value = value + 1 WHERE id = 1 AND NOT EXISTS (SELECT FROM outlets o WHERE o.id = $1)
      AND coalesce((
        SELECT c.status IS NOT NULL FROM outlet_status_change c WHERE c.outlet_id = $1 ORDER BY c.cursor DESC LIMIT 1), true)
    RETURNING value)
  INSERT INTO outlet_status_change (cursor, outlet_id, revision, milestone)
  SELECT value, $1, ${lastRevisionSql('$1')}, true FROM counter RETURNING cursor`;

/** A real write that tells nothing, for a full disk or a read-only server still answers reads. */
export const PROBE_SQL = 'UPDATE status_cursor SET value = value WHERE id = 1';
