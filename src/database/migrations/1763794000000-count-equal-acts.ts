import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Beyond so many lines a day equal acts of one actor share one line an hour, which counts them. */
export class CountEqualActs1763794000000 implements MigrationInterface {
  readonly name = 'CountEqualActs1763794000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE activity ADD COLUMN times int NOT NULL DEFAULT 1, ADD COLUMN shared_until timestamptz;
      CREATE UNIQUE INDEX activity_shared ON activity (actor_id, action, shared_until) WHERE shared_until IS NOT NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX activity_shared;
      ALTER TABLE activity DROP COLUMN times, DROP COLUMN shared_until`);
  }
}
