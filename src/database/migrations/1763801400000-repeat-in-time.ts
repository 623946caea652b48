import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where the time of the next repetition had passed when somebody made or resumed it, it comes the next time and not late. */
export class RepeatInTime1763801400000 implements MigrationInterface {
  readonly name = 'RepeatInTime1763801400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE repeating_blasts ADD COLUMN not_at uuid[] NOT NULL DEFAULT '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE repeating_blasts DROP COLUMN not_at');
  }
}
