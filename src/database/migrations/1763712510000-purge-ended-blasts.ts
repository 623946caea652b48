import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What blasts said is removed some time after they ended; who got it stays. */
export class PurgeEndedBlasts1763712510000 implements MigrationInterface {
  readonly name = 'PurgeEndedBlasts1763712510000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE blasts ADD purged_at timestamptz, ALTER message DROP NOT NULL`);
    await runner.query(`
      ALTER TABLE blasts ADD CONSTRAINT blasts_message_check CHECK (message IS NOT NULL OR purged_at IS NOT NULL)`);
  }

  /** Blasts whose message is gone go with it. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM blasts WHERE message IS NULL`);
    await runner.query(`ALTER TABLE blasts DROP COLUMN purged_at, ALTER message SET NOT NULL`);
  }
}
