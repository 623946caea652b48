import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When the person behind a session was last seen: by then a stolen one makes no key. */
export class AskAgain1763793000000 implements MigrationInterface {
  readonly name = 'AskAgain1763793000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sign_ins ADD COLUMN proved_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sign_ins DROP COLUMN proved_at');
  }
}
