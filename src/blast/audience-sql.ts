import type { RecipientStatus } from '@koneksi/contracts/blast-states';
import type { NoNumbers } from '@koneksi/contracts/no-numbers';
import type { FollowUp } from '@koneksi/contracts/follow-ups';
import { CONTACT_DIGEST, isKnownTo, ownNumber, tooOften } from './asked-again.js';
import type { AudienceRequest } from './audience-request.js';
import { readPasted } from './domain/pasted-numbers.js';
import { lowerTags } from './domain/tags.js';

/** Where whoever is asked again stands; who was left out as written to too often has not got it either. Of the uncertain nobody knows whether they have it. */
const STANDS: Record<FollowUp, readonly RecipientStatus[]> = {
  undelivered: ['sent', 'failed'],
  unread: ['sent', 'delivered'],
  unanswered: ['sent', 'delivered', 'read'],
};

/** Whether none of these outlets' contacts with this number has one of these tags; all outlets' where they are null. */
export const notExcepted = (
  number: string,
  tags: string,
  outletIds: string,
): string => `(${tags} IS NULL OR NOT EXISTS (
  SELECT FROM contacts x WHERE x.number = ${number} AND x.tags && ${tags} AND (${outletIds} IS NULL OR x.outlet_id = ANY (${outletIds}))))`;

const CHOSEN: Record<'contacts' | 'phones' | 'recipients', string> = {
  contacts: `
    SELECT c.outlet_id, c.number, c.name, c.fields, c.id AS contact_id, ${CONTACT_DIGEST} AS made_from, o.rank,
      o.sends, c.id::text AS place
    FROM contacts c JOIN picked o ON o.id = c.outlet_id
    WHERE ($4::text[] IS NULL OR c.tags && $4::text[]) AND ($5::uuid[] IS NULL OR c.id = ANY ($5::uuid[]))
      AND ${notExcepted('c.number', '$6::text[]', '$7::uuid[]')}`,
  // Somebody's contact goes to that outlet; the others are spread over those that send.
  phones: `
    SELECT o.id AS outlet_id, p.number, c.name, coalesce(c.fields, '{}') AS fields, c.id AS contact_id, c.made_from, o.rank, o.sends,
      lpad(p.place::text, 9, '0') AS place
    FROM unnest($4::text[]) WITH ORDINALITY AS p(number, place)
    LEFT JOIN LATERAL (
      SELECT c.outlet_id, c.name, c.fields, c.id, ${CONTACT_DIGEST} AS made_from FROM contacts c JOIN picked o ON o.id = c.outlet_id
      WHERE c.number = p.number ORDER BY o.sends DESC, o.rank LIMIT 1) c ON true
    JOIN picked o ON o.id = coalesce(c.outlet_id, ($5::uuid[])[1 + (p.place - 1) % cardinality($5::uuid[])])
    WHERE $6::text[] IS NULL AND $7::uuid[] IS NULL`,
  // At the outlet that wrote to them, under the number they have now. Whom people deleted or erased is nobody's recipient.
  recipients: `
    SELECT r.outlet_id, coalesce(c.number, r.number) AS number, coalesce(c.name, r.name) AS name,
      coalesce(c.fields, '{}') AS fields, c.id AS contact_id, c.made_from, o.rank, o.sends, lpad(r.seq::text, 9, '0') AS place
    FROM blast_recipients r JOIN blasts b ON b.id = r.blast_id AND b.kind = 'blast' JOIN picked o ON o.id = r.outlet_id
    LEFT JOIN LATERAL (SELECT c.*, ${CONTACT_DIGEST} AS made_from FROM contacts c WHERE c.id = r.contact_id) c ON true
    WHERE r.blast_id = $4::uuid AND (r.status = ANY ($5::text[]) OR (r.reason = 'TOO_OFTEN' AND 'failed' = ANY ($5::text[]))) AND r.replied_at IS NULL AND $6::text[] IS NULL AND $7::uuid[] IS NULL
      AND r.number ~ '^[0-9]+$' AND (r.contact_id IS NULL OR c.id IS NOT NULL)`,
};

/** For as long as a transaction lasts: everyone meant, once, however often it is asked about them. */
export const CREATE_JUDGED = `
  CREATE TEMP TABLE judged (
    outlet_id uuid, rank bigint, place text, number text, name text, contact_id uuid, made_from text,
    params jsonb, reason text, is_new boolean
  ) ON COMMIT DROP`;

/** Everyone meant, each with why they get no message: a number counts once, for the first outlet that sends. */
const fillJudged = (chosen: string, isEmpty: string, isTooOften: string): string => `
  WITH picked AS (
    SELECT * FROM unnest($1::uuid[], $2::boolean[]) WITH ORDINALITY AS p(id, sends, rank)),
  chosen AS (${chosen}),
  ranked AS (
    SELECT *, row_number() OVER (PARTITION BY number ORDER BY sends DESC, rank, place) AS nth FROM chosen)
  INSERT INTO judged
    SELECT k.outlet_id, k.rank, k.place, k.number, k.name, k.contact_id, k.made_from,
      CASE WHEN cardinality($3::text[]) = 0 THEN '{}' ELSE coalesce((
        SELECT jsonb_object_agg(lower(f.key), f.value) FROM jsonb_each_text(k.fields) f
        WHERE lower(f.key) = ANY ($3::text[])), '{}') END AS params,
      CASE
        WHEN k.nth > 1 THEN 'DUPLICATE'
        WHEN EXISTS (SELECT 1 FROM opt_outs o WHERE o.number = k.number) THEN 'OPTED_OUT'
        WHEN EXISTS (SELECT 1 FROM held_wishes h WHERE h.number = k.number) THEN 'WISH_HELD'
        WHEN ${ownNumber('k.number', '$8::uuid[]')} THEN 'OWN_NUMBER'
        WHEN EXISTS (
          SELECT 1 FROM whatsapp_numbers w
          WHERE w.number = k.number AND NOT w.exists AND w.checked_at > now() - interval '7 days') THEN 'NOT_ON_WHATSAPP'
        WHEN ${isEmpty} THEN 'EMPTY_MESSAGE'
        WHEN ${isTooOften} THEN 'TOO_OFTEN'
        WHEN NOT k.sends THEN 'OUTLET_UNHEALTHY'
      END AS reason,
      NOT ${isKnownTo('k.outlet_id', 'k.number')} AS is_new
    FROM ranked k`;

export interface AudienceQuery {
  sql: string;
  values: unknown[];
  /** What was named and is no number. */
  noNumbers: NoNumbers;
  /** How many contacts were named, where contacts are; `null` otherwise. */
  named: number | null;
}

interface Chosen {
  tags?: string[];
  exceptTags?: string[] | undefined;
  contactIds?: string[];
}

/** Fills `judged` with whom a request means. `now` is an instant. */
export function audienceQuery(request: AudienceRequest, now: number): AudienceQuery {
  const { outlets, audience, variables, seenOutlets } = request;
  const isEmpty = emptyFor(request);
  // How often somebody was written to by the time of a later blast is asked then.
  const isTooOften = request.isLater ? 'false' : tooOften('k.number', `to_timestamp(${now / 1_000})`);
  const fields = variables.filter((name) => name !== 'nama' && name !== 'outlet');
  const values: unknown[] = [outlets.map(({ id }) => id), outlets.map(({ sends }) => sends), fields];
  const { numbers, noNumbers } = readPasted(audience);
  if (typeof audience === 'object' && 'phones' in audience) {
    const sending = outlets.filter(({ sends }) => sends);
    const spread = (sending.length > 0 ? sending : outlets).map(({ id }) => id);
    const sql = fillJudged(CHOSEN.phones, isEmpty, isTooOften);
    return { sql, values: [...values, numbers, spread, null, null, seenOutlets], noNumbers, named: null };
  }
  if (typeof audience === 'object' && 'ofBlast' in audience) {
    const { blastId, who } = audience.ofBlast;
    const sql = fillJudged(CHOSEN.recipients, isEmpty, isTooOften);
    return { sql, values: [...values, blastId, STANDS[who], null, null, seenOutlets], noNumbers, named: null };
  }
  const { tags: any, exceptTags, contactIds }: Chosen = audience === 'all' ? {} : audience;
  const tags = any ? lowerTags(any) : null;
  const except = exceptTags ? lowerTags(exceptTags) : null;
  const within = except && request.exceptWithin;
  const ids = contactIds ? [...new Set(contactIds.map((id) => id.toLowerCase()))] : null;
  const sql = fillJudged(CHOSEN.contacts, isEmpty, isTooOften);
  return { sql, values: [...values, tags, ids, except, within, seenOutlets], noNumbers, named: ids?.length ?? null };
}

/** Whether the message says nothing to `k`. */
function emptyFor({ variables, mayBeEmpty }: AudienceRequest): string {
  if (!mayBeEmpty) return 'false';
  const nameless = variables.includes('nama') ? `coalesce(k.name, '') !~ '\\S' AND` : '';
  return `${nameless} NOT EXISTS (
    SELECT 1 FROM jsonb_each_text(k.fields) f WHERE lower(f.key) = ANY ($3::text[]) AND f.value ~ '\\S')`;
}
