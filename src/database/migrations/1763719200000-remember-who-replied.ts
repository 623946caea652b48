import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is a stranger is a matter of who has answered, not of who was written to. */
export class RememberWhoReplied1763719200000 implements MigrationInterface {
  readonly name = 'RememberWhoReplied1763719200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE outlet_chats ADD replied_at timestamptz`);
    // Whoever is known to an outlet that never sent them anything has written to it.
    await runner.query(`
      UPDATE outlet_chats c SET replied_at = c.since WHERE NOT EXISTS (
        SELECT 1 FROM blast_recipients r
        WHERE r.number = c.number AND r.outlet_id = c.outlet_id AND r.status IN ('sent', 'delivered', 'read'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE outlet_chats DROP COLUMN replied_at`);
  }
}
