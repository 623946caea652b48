import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What waits for webhooks is found without reading all of it, and what nobody tried yet waits for no clock. */
export class FindWhatIsDue1763738000000 implements MigrationInterface {
  readonly name = 'FindWhatIsDue1763738000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of INDEXES) await runner.query(sql);
    await runner.query(tell('NULL'));
    await runner.query(`UPDATE webhook_deliveries SET next_try_at = NULL WHERE status = 'pending' AND tries = 0`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['waiting', 'leased', 'pending']) await runner.query(`DROP INDEX webhook_deliveries_${name}`);
    await runner.query(tell('told_at'));
    await runner.query(
      `UPDATE webhook_deliveries SET next_try_at = at WHERE status = 'pending' AND next_try_at IS NULL`,
    );
  }
}

const INDEXES = [
  `CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (next_try_at)
   WHERE status = 'pending' AND next_try_at IS NOT NULL`,
  `CREATE INDEX webhook_deliveries_leased ON webhook_deliveries (webhook_id)
   WHERE status = 'pending' AND leased_until IS NOT NULL`,
  `CREATE INDEX webhook_deliveries_pending ON webhook_deliveries (webhook_id, seq) WHERE status = 'pending'`,
];

/** As before but for the first try. */
const tell = (firstTryAt: string): string => `
  CREATE OR REPLACE FUNCTION webhook_tell(kind text, outlets uuid[], in_lane text, told_at timestamptz, what jsonb)
  RETURNS void LANGUAGE sql AS $$
    INSERT INTO webhook_deliveries (id, webhook_id, type, lane, outlet_id, at, data, next_try_at)
    SELECT gen_random_uuid(), w.id, kind, in_lane, CASE WHEN cardinality(outlets) = 1 THEN outlets[1] END,
      told_at, what, ${firstTryAt}
    FROM webhooks w
    WHERE w.paused_at IS NULL AND kind = ANY (w.events) AND (w.outlet_ids IS NULL OR w.outlet_ids && outlets)
    FOR KEY SHARE OF w
  $$`;
