import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whoever has no known number and writes little may mean a word that some blast of the outlet named. */
export class FindWordsThatWereOffered1763801200000 implements MigrationInterface {
  readonly name = 'FindWordsThatWereOffered1763801200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX blasts_offering_words ON blasts (created_at) WHERE (way_out -> 'words') IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX blasts_offering_words');
  }
}
