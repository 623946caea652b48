import type { EntityManager } from 'typeorm';
import type { Address } from './recipients.js';

/**
 * What waits to be sent by these rules is not sent any more, but to whom is kept. What nobody heard of is not said then,
 * so that whoever switches the rule on again has it told. A message that an outlet has is taken back after the commit.
 */
export async function dropWaiting(
  manager: EntityManager,
  ruleIds: readonly string[],
  keep: readonly Address[] = [],
): Promise<void> {
  if (ruleIds.length > 0) await manager.query(DROP_SQL, [ruleIds, JSON.stringify(keep)]);
}

/** The rows of one commit have one instant. Rounds and parts are counted, so that only the last can be unsaid, and whole. */
const tellsOf = (d: string, t: string): string =>
  `${d}.rule_id = ${t}.rule_id AND ${d}.at = ${t}.at AND ${d}.content ->> 'kind' = ${t}.kind AND ${t}.incident_id = ANY (${d}.incident_ids)`;

const DROP_SQL = `
  WITH dropped AS (
    UPDATE alert_deliveries d SET status = 'dropped',
      next_try_at = CASE WHEN d.channel = 'whatsapp' AND d.tries > 0 THEN d.at END
    WHERE d.status = 'pending' AND d.rule_id = ANY ($1::uuid[]) AND NOT EXISTS (
      SELECT FROM jsonb_to_recordset($2::jsonb) AS k(channel text, target text)
      -- Somebody is called in each of their browsers.
      WHERE k.channel = d.channel AND k.target = split_part(d.target, ' ', 1))
    RETURNING d.id, d.rule_id, d.at, d.content, d.incident_ids
  ),
  unheard AS (
    SELECT DISTINCT t.rule_id, t.incident_id, t.round, t.kind FROM alert_told t JOIN dropped d ON ${tellsOf('d', 't')}
    WHERE NOT EXISTS (
      SELECT FROM alert_told l WHERE l.rule_id = t.rule_id AND l.incident_id = t.incident_id AND l.round > t.round)
  )
  DELETE FROM alert_told t USING unheard u
  WHERE (t.rule_id, t.incident_id, t.round, t.kind) = (u.rule_id, u.incident_id, u.round, u.kind)
    AND NOT EXISTS (
      SELECT FROM alert_told p JOIN alert_deliveries s ON ${tellsOf('s', 'p')}
      WHERE s.status = 'sent' AND (p.rule_id, p.incident_id, p.round, p.kind) = (t.rule_id, t.incident_id, t.round, t.kind))
    AND NOT EXISTS (
      SELECT FROM alert_told p JOIN alert_deliveries s ON ${tellsOf('s', 'p')}
      WHERE s.status = 'pending' AND s.id NOT IN (SELECT id FROM dropped)
        AND (p.rule_id, p.incident_id, p.round, p.kind) = (t.rule_id, t.incident_id, t.round, t.kind))`;
