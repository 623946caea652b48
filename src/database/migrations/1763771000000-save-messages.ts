import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Messages kept under a name, to be used again. */
export class SaveMessages1763771000000 implements MigrationInterface {
  readonly name = 'SaveMessages1763771000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE blasts DROP CONSTRAINT blasts_kind_check,
        ADD CONSTRAINT blasts_kind_check CHECK (kind IN ('blast', 'message', 'confirmation', 'repeating', 'saved'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM blasts WHERE kind = 'saved';
      ALTER TABLE blasts DROP CONSTRAINT blasts_kind_check,
        ADD CONSTRAINT blasts_kind_check CHECK (kind IN ('blast', 'message', 'confirmation', 'repeating'))`);
  }
}
