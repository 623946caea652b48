import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a blast needs to ask again, when a message leaves, what was true when it was made; and how often people may be written to. */
export class AskAgainBeforeSending1763714200000 implements MigrationInterface {
  readonly name = 'AskAgainBeforeSending1763714200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE blasts
        ADD kind text NOT NULL DEFAULT 'blast' CONSTRAINT blasts_kind_check CHECK (kind IN ('blast', 'message')),
        ADD audience jsonb,
        ADD not_after text,
        ADD undo_until timestamptz`);
    await runner.query(`ALTER TABLE blast_recipients ADD contact_id uuid, ADD made_from text`);
    await runner.query(`
      CREATE INDEX blast_recipients_lately ON blast_recipients (number, sending_at) WHERE sending_at IS NOT NULL`);
    await runner.query(`
      CREATE TABLE blast_policy (
        only_one boolean DEFAULT true CONSTRAINT blast_policy_pkey PRIMARY KEY,
        per_week int,
        CONSTRAINT blast_policy_check CHECK (only_one)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE blast_policy`);
    await runner.query(`DROP INDEX blast_recipients_lately`);
    await runner.query(`ALTER TABLE blast_recipients DROP COLUMN contact_id, DROP COLUMN made_from`);
    await runner.query(`
      ALTER TABLE blasts DROP COLUMN kind, DROP COLUMN audience, DROP COLUMN not_after, DROP COLUMN undo_until`);
  }
}
