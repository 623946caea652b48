import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What came of tries to link is kept apart from how the last link ended; neither is lost for the other. */
export class RememberTries1763781000000 implements MigrationInterface {
  readonly name = 'RememberTries1763781000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wa_session ADD COLUMN link_tries jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wa_session DROP COLUMN link_tries');
  }
}
