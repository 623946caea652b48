/**
 * What is asked in the database at the moment a message leaves, since it may have changed after the blast was made. Of a
 * recipient `r`, its blast `b` and its contact `c`, where it has one.
 */

/** Tells whether a contact is as it was when a message was made from it. */
export const CONTACT_DIGEST = `md5(ROW(c.number, c.name, c.fields, c.tags)::text)`;

/** Everything between two blasts to one number is counted over this long. */
const LATELY = `interval '7 days'`;
const WENT_OUT = `('sending', 'sent', 'delivered', 'read', 'unknown')`;

/** Whether this number has had as many blasts as it may, from whichever outlet. */
export const tooOften = (number: string, now: string): string => `EXISTS (
  SELECT 1 FROM blast_policy y WHERE y.per_week <= (
    SELECT count(*) FROM blast_recipients l JOIN blasts lb ON lb.id = l.blast_id
    WHERE l.number = ${number} AND l.sending_at > ${now} - ${LATELY} AND l.status IN ${WENT_OUT} AND lb.kind = 'blast'))`;

/** Whether the outlet knows them: they have answered it. */
export const isKnownTo = (outletId: string, number: string): string =>
  `EXISTS (SELECT FROM outlet_chats h WHERE h.outlet_id = ${outletId} AND h.number = ${number} AND h.replied_at IS NOT NULL)`;

/** Whether it is the number of one of these outlets, or of any: a blast to ourselves reaches no customer and costs a chat. */
export const ownNumber = (number: string, outletIds = 'NULL::uuid[]'): string =>
  `EXISTS (SELECT FROM outlets t WHERE t.whatsapp_number = ${number} AND (${outletIds} IS NULL OR t.id = ANY (${outletIds})))`;

/** Whether the number has opted out; what confirms an opt-out is wanted only while it holds. */
export const UNWANTED = `((b.kind = 'confirmation') <> EXISTS (SELECT FROM opt_outs o WHERE o.number = r.number))`;

const ownTags = (key: string): string => `ARRAY(SELECT jsonb_array_elements_text(b.audience -> '${key}'))`;

/**
 * Whether the number has a tag that is left out, whichever outlet's contact carries it: outlets share customers, and one
 * who is left out is left out as a person. Where the sender may not see every outlet, among the contacts of theirs.
 */
export const EXCEPTED = `(b.audience ? 'exceptTags' AND EXISTS (
  SELECT FROM contacts x WHERE x.number = r.number AND x.tags && ${ownTags('exceptTags')}
    AND (NOT b.audience ? 'exceptWithin' OR b.audience -> 'exceptWithin' ? x.outlet_id::text)))`;

/** Whether the contact no longer has the tags that were meant, or now has one of those left out; or who was asked again has answered. */
export const LEFT_AUDIENCE = `(
  (c.id IS NOT NULL AND (
    (b.audience ? 'tags' AND NOT c.tags && ${ownTags('tags')})
    OR (b.audience ? 'exceptTags' AND c.tags && ${ownTags('exceptTags')})))
  OR ${EXCEPTED}
  OR (b.audience ? 'ofBlast' AND EXISTS (
    SELECT FROM blast_recipients f WHERE f.blast_id = (b.audience -> 'ofBlast' ->> 'blastId')::uuid AND f.replied_at IS NOT NULL
      AND (f.number = r.number OR f.contact_id = r.contact_id))))`;

/** The outlet's zone as it is set now. */
export const zoneOf = (outletId: string): string =>
  `coalesce((SELECT s.zone FROM blast_settings s WHERE s.outlet_id = ${outletId}), 'Asia/Jakarta')`;

/** The instant a kept time names: one with an offset as it is, one without by the outlet's clock. */
export const instantSql = (time: string, zone: string): string => `
  CASE WHEN ${time} ~ '(Z|[+-][0-9]{2}:?[0-9]{2})$' THEN ${time}::timestamptz ELSE ${time}::timestamp AT TIME ZONE ${zone} END`;

/** When a part `o` may begin: a time of day moves with a zone that was corrected. `null` for at once. */
export const NOT_BEFORE = `
  CASE WHEN o.not_before IS NULL OR b.scheduled_at IS NULL THEN o.not_before
    ELSE ${instantSql('b.scheduled_at', zoneOf('o.outlet_id'))} END`;

/** From when on nothing of it leaves any more. */
export const notAfter = (outletId: string): string =>
  `CASE WHEN b.not_after IS NOT NULL THEN ${instantSql('b.not_after', zoneOf(outletId))} END`;
