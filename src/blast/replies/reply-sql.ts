import { toldSql } from '../ledger-sql.js';

/** A reply counts for this long after the message. */
export const REPLY_WITHIN = `interval '72 hours'`;

/** WhatsApp dates what people write by whole seconds, and our clock may be a little ahead of its. */
const CLOCKS = `interval '2 seconds'`;

/**
 * Whose reply it is: of what this person was sent within 72 hours by this outlet, the message they quote, or else the
 * latest that they can have seen. `$1` the outlet, `$2` the number or null, `$3` the quoted message or null, `$4` when it
 * was written.
 */
export const ANSWERED_SQL = `
  SELECT r.blast_id, r.seq FROM blast_recipients r JOIN blasts b ON b.id = r.blast_id
  WHERE r.outlet_id = $1 AND b.kind = 'blast' AND r.status IN ('sending', 'sent', 'delivered', 'read', 'unknown')
    AND ($2::text IS NULL OR r.number = $2) AND ($2::text IS NOT NULL OR r.message_id = $3)
    AND r.sending_at <= $4::timestamptz + ${CLOCKS} AND r.sending_at > $4::timestamptz - ${REPLY_WITHIN}
  ORDER BY (r.message_id = $3) IS TRUE DESC, r.sending_at DESC LIMIT 1`;

/** Counted once for each message: row, outlet and blast are one commit. `$1` the blast, `$2` the place, `$3` when. */
export const REPLIED_SQL = `
  WITH moved AS (
    UPDATE blast_recipients r SET replied_at = $3 WHERE r.blast_id = $1 AND r.seq = $2 AND r.replied_at IS NULL
    RETURNING r.blast_id, r.seq, r.outlet_id, r.number, r.status, r.reason, r.code, r.message_id, r.sent_at,
      r.delivered_at, r.read_at, r.replied_at),
  counted AS (
    UPDATE blast_outlets o SET replied = replied + 1 FROM moved m
    WHERE o.blast_id = m.blast_id AND o.outlet_id = m.outlet_id RETURNING o.blast_id),
  ${toldSql('counted')}
  SELECT m.*, told.revision FROM moved m JOIN told ON told.id = m.blast_id`;

/** Only where it can be a reply at all, so that what strangers write all day costs no row. */
export const PEND_SQL = `
  INSERT INTO pending_replies (outlet_id, alias, at)
  SELECT $1::uuid, $2::text, $3::timestamptz WHERE EXISTS (
    SELECT FROM blast_recipients r JOIN blasts b ON b.id = r.blast_id
    WHERE r.outlet_id = $1 AND b.kind = 'blast' AND r.sending_at > $3::timestamptz - ${REPLY_WITHIN}
      AND b.created_at > $3::timestamptz - interval '90 days')
    -- Who quotes answers what they quote and nothing else, counted before or not.
    AND NOT EXISTS (SELECT FROM blast_recipients q WHERE q.outlet_id = $1 AND q.message_id = $4)
  ON CONFLICT DO NOTHING`;

/** What is pending and has a number by now; `$1` narrows to names, or is null for all. */
export const KNOWN_SQL = `
  SELECT p.outlet_id, p.alias, p.at, k.number FROM pending_replies p JOIN known_numbers k ON k.alias = p.alias
  WHERE $1::text[] IS NULL OR p.alias = ANY ($1) ORDER BY p.at`;

export const FORGET_SQL = `
  DELETE FROM pending_replies WHERE (outlet_id = $1 AND alias = $2 AND at = $3) OR at < $4::timestamptz - ${REPLY_WITHIN}`;
