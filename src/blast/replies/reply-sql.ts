import { REPLIES_KEPT } from '@koneksi/contracts/blast-limits';
import { toldSql } from '../ledger-sql.js';

/** A reply counts for this long after the message. */
export const REPLY_WITHIN = `interval '72 hours'`;

/** WhatsApp dates what people write by whole seconds, and our clock may be a little ahead of its. */
const CLOCKS = `interval '2 seconds'`;

/** It is out, or may be; one that was queued again since is not until it leaves anew. */
const WENT_OUT = `r.status IN ('sending', 'sent', 'delivered', 'read', 'unknown')`;

/** Whether what people write is kept, of blasts whose own words still are. */
const KEEPS = `b.purged_at IS NULL AND EXISTS (SELECT FROM blast_policy WHERE keep_replies)`;

/**
 * Whose reply it is: of what this person was sent within 72 hours by this outlet, the message they quote, or else the
 * latest that they can have seen. `$1` the outlet, `$2` the number or null, `$3` the quoted message or null, `$4` when it
 * was written.
 */
export const ANSWERED_SQL = `
  SELECT r.blast_id, r.seq, b.wrapped_key, ${KEEPS} AS keeps
  FROM blast_recipients r JOIN blasts b ON b.id = r.blast_id
  WHERE r.outlet_id = $1 AND b.kind = 'blast' AND ${WENT_OUT}
    AND ($2::text IS NULL OR r.number = $2) AND ($2::text IS NOT NULL OR r.message_id = $3)
    AND r.sending_at <= $4::timestamptz + ${CLOCKS} AND r.sending_at > $4::timestamptz - ${REPLY_WITHIN}
  ORDER BY (r.message_id = $3) IS TRUE DESC, r.sending_at DESC LIMIT 1`;

/**
 * The blasts that this person was sent by this outlet while their words are kept, newest first but the quoted one before
 * all, each with the words it named for hearing no more and for declining. Answered is what they quote, and where they quote nothing the
 * last that they were sent, whatever it was. What was on its way once and was queued again or canceled since may have
 * arrived: it is met, and answered where they quote it. `$1` to `$4` as above.
 */
export const BLAST_MET_SQL = `
  SELECT number, words, unsure, is_answered FROM (
    SELECT r.number, b.kind, b.way_out -> 'words' AS words, b.way_out -> 'unsure' AS unsure, r.sending_at, (r.message_id = $3) IS TRUE AS is_quoted,
      (r.message_id = $3) IS TRUE OR ($3::text IS NULL AND r.sending_at > $4::timestamptz - ${REPLY_WITHIN}
        AND ${WENT_OUT} AND row_number() OVER (PARTITION BY ${WENT_OUT} ORDER BY r.sending_at DESC) = 1) AS is_answered
    FROM blast_recipients r JOIN blasts b ON b.id = r.blast_id
    WHERE r.outlet_id = $1
      AND ($2::text IS NULL OR r.number = $2) AND ($2::text IS NOT NULL OR r.message_id = $3)
      AND r.sending_at <= $4::timestamptz + ${CLOCKS} AND r.sending_at > $4::timestamptz - interval '90 days') AS met
  WHERE kind = 'blast' ORDER BY is_quoted DESC, sending_at DESC LIMIT 20`;

/** Words that blasts of this outlet named for either, which somebody of no known number may answer. `$1` the outlet, `$2` when they wrote. */
export const OFFERED_LATELY_SQL = `
  SELECT DISTINCT word FROM blasts b JOIN blast_outlets o ON o.blast_id = b.id
    CROSS JOIN LATERAL jsonb_array_elements_text((b.way_out -> 'words') || coalesce(b.way_out -> 'unsure', '[]')) AS word
  WHERE o.outlet_id = $1 AND b.kind = 'blast' AND (b.way_out -> 'words') IS NOT NULL
    AND b.created_at > $2::timestamptz - interval '90 days' AND o.sending + o.sent + o.delivered + o.read + o.unknown > 0`;

/**
 * Counted once for each message: row, outlet and blast are one commit, and with it what they wrote, where `$6` is not null.
 * `$1` the blast, `$2` the place, `$3` when, `$4` the outlet, `$5` WhatsApp's id of what they wrote, `$6` its words, sealed.
 */
export const REPLIED_SQL = `
  WITH kept AS (
    INSERT INTO blast_replies AS p (outlet_id, message_id, blast_id, seq, alias, at, words)
    SELECT $4::uuid, $5::text, $1::uuid, $2::int, NULL, $3::timestamptz, $6::bytea
    WHERE $6::bytea IS NOT NULL
      AND (SELECT count(*) FROM blast_replies k WHERE k.blast_id = $1 AND k.seq = $2) < ${REPLIES_KEPT}
    ON CONFLICT (outlet_id, message_id) DO UPDATE SET blast_id = EXCLUDED.blast_id, seq = EXCLUDED.seq, alias = NULL,
      words = EXCLUDED.words WHERE p.seq IS NULL
    RETURNING blast_id),
  before AS (
    SELECT blast_id, seq, replied_at IS NULL AS is_first FROM blast_recipients
    WHERE blast_id = $1 AND seq = $2 FOR NO KEY UPDATE),
  moved AS (
    UPDATE blast_recipients r SET replied_at = coalesce(r.replied_at, $3) FROM before f
    WHERE r.blast_id = f.blast_id AND r.seq = f.seq AND (f.is_first OR EXISTS (SELECT FROM kept))
    RETURNING r.blast_id, r.seq, r.outlet_id, r.number, r.status, r.reason, r.code, r.message_id, r.sent_at,
      r.delivered_at, r.read_at, r.replied_at, f.is_first),
  counted AS (
    UPDATE blast_outlets o SET replied = replied + m.is_first::int FROM moved m
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

/**
 * A blast whose key keeps what was written until it is known whose it is: any that it may answer. `$1` the outlet, `$2` the
 * name, `$3` when; none where it is no reply that waits, or nothing is kept.
 */
export const KEEPER_SQL = `
  SELECT b.id AS blast_id, b.wrapped_key FROM pending_replies w
  JOIN blasts b ON b.kind = 'blast' AND b.created_at > w.at - interval '90 days' AND ${KEEPS}
  WHERE w.outlet_id = $1 AND w.alias = $2 AND w.at = $3 AND EXISTS (
      SELECT FROM blast_recipients r
      WHERE r.blast_id = b.id AND r.outlet_id = $1 AND r.sending_at > w.at - ${REPLY_WITHIN})
    AND (SELECT count(*) FROM blast_replies k WHERE k.alias = $2) < ${REPLIES_KEPT}
  LIMIT 1`;

export const KEEP_PENDING_SQL = `
  INSERT INTO blast_replies (outlet_id, message_id, blast_id, seq, alias, at, words) VALUES ($1, $2, $3, NULL, $4, $5, $6)
  ON CONFLICT DO NOTHING`;

/** What a pending reply says, if that is kept; people may write twice in one second. `$1` the outlet, `$2` the name, `$3` when. */
export const PENDING_WORDS_SQL = `
  SELECT p.blast_id, b.wrapped_key, p.outlet_id, p.message_id, p.words FROM blast_replies p JOIN blasts b ON b.id = p.blast_id
  WHERE p.outlet_id = $1 AND p.alias = $2 AND p.at = $3 ORDER BY p.no`;

/** What is pending and has a number by now; `$1` narrows to names, or is null for all. */
export const KNOWN_SQL = `
  SELECT p.outlet_id, p.alias, p.at, k.number FROM pending_replies p JOIN known_numbers k ON k.alias = p.alias
  WHERE $1::text[] IS NULL OR p.alias = ANY ($1) ORDER BY p.at`;

/** With the words that turned out to answer nothing, or that nobody was found for in time. */
export const FORGET_SQL = `
  WITH gone AS (
    DELETE FROM blast_replies
    WHERE alias IS NOT NULL AND ((outlet_id = $1 AND alias = $2 AND at = $3) OR at < $4::timestamptz - ${REPLY_WITHIN}))
  DELETE FROM pending_replies WHERE (outlet_id = $1 AND alias = $2 AND at = $3) OR at < $4::timestamptz - ${REPLY_WITHIN}`;
