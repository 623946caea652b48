import type { ActKind } from '@koneksi/contracts/activity';

/** What something is called, which outlets it is about and whose numbers it holds; `$1` is its id, a uuid. */
const OUTLET = `SELECT name, ARRAY[id] AS outlets, NULL::text[] AS people FROM outlets WHERE id = $1
  UNION ALL SELECT outlet ->> 'name', ARRAY[id], NULL FROM binned_outlets WHERE id = $1`;
const BLAST = `SELECT b.title AS name, ARRAY(SELECT outlet_id FROM blast_outlets WHERE blast_id = b.id AND outlet_id IS NOT NULL) AS outlets,
  NULL::text[] AS people FROM blasts b WHERE b.id = $1`;
const BY_KIND: Partial<Record<ActKind, string>> = {
  outlet: OUTLET,
  contacts: OUTLET,
  contact: `SELECT coalesce(name, number) AS name, ARRAY[outlet_id] AS outlets, ARRAY[number] AS people FROM contacts WHERE id = $1`,
  'reconnect-link': `SELECT o.name, ARRAY[o.id] AS outlets, NULL::text[] AS people
    FROM reconnect_links l JOIN outlets o ON o.id = l.outlet_id WHERE l.id = $1
    UNION ALL SELECT name, ARRAY[id], NULL::text[] FROM outlets WHERE id = $1`,
  blast: BLAST,
  'repeating-blast': `SELECT b.title AS name, r.outlet_ids AS outlets, NULL::text[] AS people
    FROM repeating_blasts r JOIN blasts b ON b.id = r.id WHERE r.id = $1`,
  'saved-message': `SELECT title AS name, NULL::uuid[] AS outlets, NULL::text[] AS people
    FROM blasts WHERE id = $1 AND kind = 'saved'`,
  incident: `SELECT code AS name, ARRAY(SELECT outlet_id FROM incident_outlet WHERE incident_id = i.id) AS outlets,
    NULL::text[] AS people FROM incident i WHERE i.id = $1`,
  webhook: `SELECT w.host AS name, w.outlet_ids AS outlets, NULL::text[] AS people FROM webhooks w
    WHERE w.id = $1 OR w.id = (SELECT webhook_id FROM webhook_deliveries WHERE id = $1)`,
  'alert-rule': `SELECT name, NULL::uuid[] AS outlets, NULL::text[] AS people FROM alert_rules WHERE id = $1`,
  user: `SELECT name, NULL::uuid[] AS outlets, NULL::text[] AS people FROM users WHERE id = $1`,
  'api-key': `SELECT name, NULL::uuid[] AS outlets, NULL::text[] AS people FROM api_keys WHERE id = $1`,
  node: `SELECT url AS name, NULL::uuid[] AS outlets, NULL::text[] AS people FROM node WHERE id = $1`,
  demo: OUTLET,
};

/** `null` where the subject has no row by its id. */
export const subjectSql = (kind: ActKind): string | null => BY_KIND[kind] ?? null;
