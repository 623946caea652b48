/** How many data keys there are, and how many of them none of the known keys opens. */
export interface KeyCount {
  strange: number;
  all: number;
}

/** Before the `key_id` of a data key that a rotation found to open by no key: it waits for nothing any more. */
export const DAMAGED = 'damaged:';

/** One `KeyCount`, where `$1` is the ids of the known keys. What was set aside is opened by nobody. */
export const COUNT_KEYS = `
  SELECT count(*) FILTER (WHERE key_id <> ALL ($1))::int AS strange, count(*)::int AS all FROM (
    SELECT key_id FROM wa_credential WHERE quarantined_at IS NULL
    UNION ALL SELECT key_id FROM blasts
    UNION ALL SELECT key_id FROM blast_media
    UNION ALL SELECT key_id FROM webhooks
    UNION ALL SELECT key_id FROM second_factors
    UNION ALL SELECT key_id FROM push_keys
    UNION ALL SELECT key_id FROM push_subscriptions) k
  WHERE key_id NOT LIKE '${DAMAGED}%'`;

/** Whose data key is damaged. */
export interface DamagedKey {
  kind:
    | 'outlet'
    | 'blast'
    | 'repeating blast'
    | 'saved message'
    | 'file'
    | 'webhook'
    | 'second factor of user'
    | 'key for browsers'
    | 'browser';
  id: string;
  name: string;
}

/** Every `DamagedKey`, outlets first. */
export const FIND_DAMAGED = `
  SELECT kind, id, name FROM (
    SELECT 1 AS rank, 'outlet' AS kind, o.id, o.name, c.key_id FROM wa_credential c
    JOIN outlets o ON o.id = c.outlet_id WHERE c.quarantined_at IS NULL
    UNION ALL SELECT 2, CASE kind WHEN 'saved' THEN 'saved message' WHEN 'repeating' THEN 'repeating blast' ELSE 'blast' END,
      id, CASE WHEN kind IN ('saved', 'repeating') THEN title ELSE '' END, key_id FROM blasts
    UNION ALL SELECT 3, 'file', id, file_name, key_id FROM blast_media
    UNION ALL SELECT 4, 'webhook', id, '', key_id FROM webhooks
    UNION ALL SELECT 5, 'second factor of user', id, '', key_id FROM second_factors
    UNION ALL SELECT 6, 'key for browsers', id, '', key_id FROM push_keys
    UNION ALL SELECT 7, 'browser', id, browser, key_id FROM push_subscriptions) k
  WHERE key_id LIKE '${DAMAGED}%' ORDER BY rank, name, id`;
