import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What one caller made within a day is counted with each blast they make. */
export class CountWhatWasMade1763801100000 implements MigrationInterface {
  readonly name = 'CountWhatWasMade1763801100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX blasts_made_by ON blasts (created_by, created_at) WHERE kind IN ('blast', 'repeating')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX blasts_made_by');
  }
}
