import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What looks like a wish of somebody known by LID alone is kept as a sure one is. */
export class HoldWishesByLid1763731700000 implements MigrationInterface {
  readonly name = 'HoldWishesByLid1763731700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE pending_opt_outs ADD COLUMN words text, ALTER COLUMN keyword DROP NOT NULL');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM pending_opt_outs WHERE keyword IS NULL');
    await runner.query('ALTER TABLE pending_opt_outs DROP COLUMN words, ALTER COLUMN keyword SET NOT NULL');
  }
}
