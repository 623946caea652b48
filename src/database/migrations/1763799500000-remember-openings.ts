import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an outlet has used up of its allowance of sockets is kept, so that no restart gives it back. */
export class RememberOpenings1763799500000 implements MigrationInterface {
  readonly name = 'RememberOpenings1763799500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wa_session ADD COLUMN opens jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE wa_session DROP COLUMN opens');
  }
}
