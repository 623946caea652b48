import { RECIPIENT_STATUSES } from '@koneksi/contracts/blast-states';
import { ownedAmong, ownedBy } from '../wa-session/fence.js';
import { CONTACT_DIGEST, EXCEPTED, notAfter, tooOften, UNWANTED } from './asked-again.js';

const deltas = RECIPIENT_STATUSES.map(
  (status) => `sum((status = '${status}')::int - (was = '${status}')::int)::int AS ${status}`,
).join(', ');
const added = RECIPIENT_STATUSES.map((status) => `${status} = o.${status} + d.${status}`).join(', ');

/**
 * Raises the revision of each blast that `changed` names by `blast_id`. Rows of several blasts or outlets are locked by
 * id, parts before blasts, so that no two processes wait for each other.
 */
export const toldSql = (changed: string): string => `
  named AS (
    SELECT b.id FROM blasts b WHERE b.id IN (SELECT blast_id FROM ${changed}) ORDER BY b.id FOR NO KEY UPDATE OF b),
  told AS (
    UPDATE blasts SET revision = revision + 1 WHERE id IN (SELECT id FROM named) RETURNING id, revision)`;

/**
 * What follows `WITH held AS (…)`, whose rows say which recipients become what: they move, their outlet's counts and
 * the blast's revision with them, and whoever was reached is no stranger any more. `$1` is now.
 */
const MOVE_HELD = `
  moved AS (
    UPDATE blast_recipients r SET status = h.becomes, reason = h.reason, code = h.code,
      sending_at = CASE WHEN h.becomes = 'sending' THEN $1 ELSE r.sending_at END,
      claim_epoch = CASE WHEN h.becomes = 'sending' THEN h.epoch ELSE r.claim_epoch END,
      sent_at = CASE WHEN h.becomes IN ('sent', 'delivered', 'read') THEN coalesce(r.sent_at, $1) ELSE r.sent_at END,
      delivered_at = CASE WHEN h.becomes IN ('delivered', 'read') THEN coalesce(r.delivered_at, $1) ELSE r.delivered_at END,
      read_at = CASE WHEN h.becomes = 'read' THEN coalesce(r.read_at, $1) ELSE r.read_at END
    FROM held h WHERE r.blast_id = h.blast_id AND r.seq = h.seq
    RETURNING r.blast_id, r.seq, r.outlet_id, r.number, h.was, r.status, r.reason, r.code, r.message_id, r.sent_at,
      r.delivered_at, r.read_at, r.replied_at),
  parts AS (
    SELECT o.blast_id, o.outlet_id FROM blast_outlets o
    WHERE (o.blast_id, o.outlet_id) IN (SELECT blast_id, outlet_id FROM moved)
    ORDER BY o.blast_id, o.outlet_id FOR NO KEY UPDATE OF o),
  counted AS (
    UPDATE blast_outlets o SET ${added}
    FROM (SELECT blast_id, outlet_id, ${deltas} FROM moved JOIN parts USING (blast_id, outlet_id) GROUP BY blast_id, outlet_id) d
    WHERE o.blast_id = d.blast_id AND o.outlet_id = d.outlet_id
    RETURNING o.blast_id, o.outlet_id, o.queued + o.sending AS open),
  ${toldSql('counted')},
  chats AS (
    INSERT INTO outlet_chats (outlet_id, number, since)
    SELECT DISTINCT m.outlet_id, m.number, $1::timestamptz FROM moved m JOIN outlets ON outlets.id = m.outlet_id
    WHERE m.status IN ('sent', 'delivered', 'read') AND m.was IN ('sending', 'unknown')
    ORDER BY 1, 2 ON CONFLICT DO NOTHING)`;

/**
 * Moves single recipients. One that becomes `sending` does so only while its blast runs and is not too late, its contact
 * is what the message was made from, its number has not opted out (or, told of just that, still has), has no wish that
 * waits for a person, has no tag that is left out and is not written to too often; it counts against the day's caps and begins the outlet's pause.
 * What names an owner is written only while that owns the outlet, and, where it was `taken`, only for what was taken
 * under that very claim. `$2` is what is asked.
 */
export const MOVE_SQL = `
  WITH asked AS (
    SELECT * FROM jsonb_to_recordset($2::jsonb) AS a(
      blast_id uuid, seq int, becomes text, comes_from text[], reason text, code text, outlet_id uuid, owner uuid,
      epoch bigint, taken boolean, day date, is_new boolean, rest_until timestamptz)),
  ${ownedAmong('asked')},
  held AS (
    SELECT r.blast_id, r.seq, r.status AS was, a.becomes, a.reason, a.code, a.epoch, a.day, a.is_new, a.rest_until
    FROM asked a
    JOIN blast_recipients r ON r.blast_id = a.blast_id AND r.seq = a.seq
    JOIN blasts b ON b.id = r.blast_id
    LEFT JOIN contacts c ON c.id = r.contact_id
    LEFT JOIN owned ON owned.outlet_id = r.outlet_id AND owned.owner = a.owner AND owned.epoch = a.epoch
    WHERE r.status = ANY (a.comes_from) AND (a.owner IS NULL OR owned.outlet_id IS NOT NULL)
      AND (a.taken IS NOT TRUE OR r.claim_epoch = a.epoch) AND (a.day IS NULL OR (
      b.status = 'running'
      AND (r.contact_id IS NULL OR ${CONTACT_DIGEST} = r.made_from)
      AND coalesce(${notAfter('r.outlet_id')} > $1, true)
      AND (b.kind <> 'blast' OR NOT ${tooOften('r.number', '$1')})
      AND NOT ${UNWANTED}
      AND NOT ${EXCEPTED}
      AND (b.kind <> 'blast' OR NOT EXISTS (SELECT 1 FROM held_wishes h WHERE h.number = r.number))))
    ORDER BY r.blast_id, r.seq
    FOR UPDATE OF r),
  ${MOVE_HELD},
  days AS (
    INSERT INTO blast_days (outlet_id, day, new_chats, known_chats, rest_until)
    SELECT m.outlet_id, h.day, count(*) FILTER (WHERE h.is_new), count(*) FILTER (WHERE NOT h.is_new), max(h.rest_until)
    FROM moved m JOIN held h USING (blast_id, seq) WHERE h.day IS NOT NULL GROUP BY m.outlet_id, h.day ORDER BY 1, 2
    ON CONFLICT (outlet_id, day) DO UPDATE SET
      new_chats = blast_days.new_chats + EXCLUDED.new_chats, known_chats = blast_days.known_chats + EXCLUDED.known_chats,
      rest_until = EXCLUDED.rest_until)
  SELECT m.*, told.revision, counted.open FROM moved m
  JOIN told ON told.id = m.blast_id
  JOIN counted ON counted.blast_id = m.blast_id AND counted.outlet_id = m.outlet_id`;

/**
 * Moves every recipient that `where` names (of `r`; its parameters begin at `$6`), at most `$5` at a time; where a claim's
 * values begin at `$ownerAt`, only those of its outlet and only while it is the newest.
 */
export const moveManySql = (where: string, ownerAt: number | null): string => `
  WITH ${ownerAt === null ? '' : `${ownedBy(ownerAt)},`}
  held AS (
    SELECT r.blast_id, r.seq, r.status AS was, $2::text AS becomes, $3::text AS reason, NULL::text AS code, NULL::bigint AS epoch
    FROM blast_recipients r ${ownerAt === null ? '' : 'JOIN owned ON owned.outlet_id = r.outlet_id'}
    WHERE r.status = ANY ($4::text[]) AND ${where}
    ORDER BY r.blast_id, r.seq LIMIT $5 FOR UPDATE OF r),
  ${MOVE_HELD}
  SELECT DISTINCT m.blast_id, m.outlet_id, told.revision, counted.open, count(*) OVER () AS total FROM moved m
  JOIN told ON told.id = m.blast_id
  JOIN counted ON counted.blast_id = m.blast_id AND counted.outlet_id = m.outlet_id`;
