import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever sends a blast on answers for it from then on: it pauses with their right. */
export class NoteWhoSendsOn1763800000000 implements MigrationInterface {
  readonly name = 'NoteWhoSendsOn1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE blasts ADD COLUMN sent_on_by uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE blasts DROP COLUMN sent_on_by');
  }
}
