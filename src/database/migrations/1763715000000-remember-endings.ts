import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How each outlet's last link ended, whether it ever had one, and since when its row says what it says. */
export class RememberEndings1763715000000 implements MigrationInterface {
  readonly name = 'RememberEndings1763715000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE wa_session
        ADD COLUMN since timestamptz,
        ADD COLUMN last_ending jsonb,
        ADD COLUMN ever_linked boolean NOT NULL DEFAULT false`);
    await runner.query(`
      UPDATE wa_session s SET
        ever_linked = s.status = 'CONNECTED'
          OR EXISTS (SELECT FROM wa_credential c WHERE c.outlet_id = s.outlet_id AND c.linked_number IS NOT NULL)
          OR EXISTS (SELECT FROM outlet_status_change c WHERE c.outlet_id = s.outlet_id AND c.status = 'CONNECTED'),
        since = (
          SELECT c.at FROM outlet_status_change c WHERE c.outlet_id = s.outlet_id AND c.milestone
          ORDER BY c.cursor DESC LIMIT 1)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE wa_session DROP COLUMN since, DROP COLUMN last_ending, DROP COLUMN ever_linked`);
  }
}
