import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which link is to be left is written with the wish, so that no kill and no later wish takes it back. */
export class RememberLeaving1763791000000 implements MigrationInterface {
  readonly name = 'RememberLeaving1763791000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wa_session ADD COLUMN leaving uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wa_session DROP COLUMN leaving');
  }
}
