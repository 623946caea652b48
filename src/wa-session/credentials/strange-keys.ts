/** How many data keys there are, and how many of them none of the known keys opens. */
export interface KeyCount {
  strange: number;
  all: number;
}

/** One `KeyCount`, where `$1` is the ids of the known keys. What was set aside is opened by nobody. */
export const COUNT_KEYS = `
  SELECT count(*) FILTER (WHERE key_id <> ALL ($1))::int AS strange, count(*)::int AS all FROM (
    SELECT key_id FROM wa_credential WHERE quarantined_at IS NULL
    UNION ALL SELECT key_id FROM blasts
    UNION ALL SELECT key_id FROM blast_media) k`;
