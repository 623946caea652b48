import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a phone was last heard of stays what it is; since when its silence counts is told apart from it. */
export class KnowSinceWhenWeListen1763801500000 implements MigrationInterface {
  readonly name = 'KnowSinceWhenWeListen1763801500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wa_session ADD COLUMN listening_since timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wa_session DROP COLUMN listening_since');
  }
}
