import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Blasts that come again, and what became of each repetition. */
export class RepeatBlasts1763752000000 implements MigrationInterface {
  readonly name = 'RepeatBlasts1763752000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE blasts DROP CONSTRAINT blasts_kind_check,
        ADD CONSTRAINT blasts_kind_check CHECK (kind IN ('blast', 'message', 'confirmation', 'repeating'));
      CREATE TABLE repeating_blasts (
        id uuid CONSTRAINT repeating_blasts_pkey PRIMARY KEY
          CONSTRAINT repeating_blasts_id_fkey REFERENCES blasts (id) ON DELETE CASCADE,
        status text NOT NULL CONSTRAINT repeating_blasts_status_check CHECK (status IN ('active', 'paused', 'stopped')),
        rule jsonb NOT NULL,
        outlet_ids uuid[],
        audience jsonb NOT NULL,
        way_out_language text,
        next_on date,
        by_id uuid NOT NULL,
        by_name text NOT NULL,
        awaits_admin boolean NOT NULL DEFAULT false
      );
      CREATE INDEX repeating_blasts_due ON repeating_blasts (next_on) WHERE status = 'active';
      CREATE TABLE blast_repetitions (
        repeating_id uuid NOT NULL
          CONSTRAINT blast_repetitions_repeating_id_fkey REFERENCES repeating_blasts (id) ON DELETE CASCADE,
        due_on date NOT NULL,
        outcome text NOT NULL,
        blast_id uuid,
        reason text,
        at timestamptz NOT NULL,
        CONSTRAINT blast_repetitions_pkey PRIMARY KEY (repeating_id, due_on)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE blast_repetitions;
      DROP TABLE repeating_blasts;
      DELETE FROM blasts WHERE kind = 'repeating';
      ALTER TABLE blasts DROP CONSTRAINT blasts_kind_check,
        ADD CONSTRAINT blasts_kind_check CHECK (kind IN ('blast', 'message', 'confirmation'))`);
  }
}
