import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the next owner of an outlet must know of the one before: what it took for sending, its pace, its first conflict. */
export class FenceWhatIsSent1763761000000 implements MigrationInterface {
  readonly name = 'FenceWhatIsSent1763761000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE blast_recipients ADD COLUMN claim_epoch bigint;
      ALTER TABLE blast_days ADD COLUMN rest_until timestamptz;
      ALTER TABLE wa_session ADD COLUMN conflict_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE wa_session DROP COLUMN conflict_at;
      ALTER TABLE blast_days DROP COLUMN rest_until;
      ALTER TABLE blast_recipients DROP COLUMN claim_epoch`);
  }
}
