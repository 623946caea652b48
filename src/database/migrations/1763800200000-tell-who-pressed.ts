import type { MigrationInterface, QueryRunner } from 'typeorm';

/** History names who asked for what a change shows. */
export class TellWhoPressed1763800200000 implements MigrationInterface {
  readonly name = 'TellWhoPressed1763800200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outlet_status_change ADD COLUMN pressed jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE outlet_status_change DROP COLUMN pressed');
  }
}
