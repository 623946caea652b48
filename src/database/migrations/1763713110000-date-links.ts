import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a link was made tells WhatsApp's own removals from a person's. */
export class DateLinks1763713110000 implements MigrationInterface {
  readonly name = 'DateLinks1763713110000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wa_credential ADD COLUMN linked_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wa_credential DROP COLUMN linked_at');
  }
}
