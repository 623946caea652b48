import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each blast says how to hear no more, or why it does not. */
export class OfferAWayOut1763751100000 implements MigrationInterface {
  readonly name = 'OfferAWayOut1763751100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE blasts ADD COLUMN way_out jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE blasts DROP COLUMN way_out');
  }
}
