import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who writes STOP is told once that nothing more comes; what is owed of it is written with the opt-out. */
export class ConfirmStop1763751000000 implements MigrationInterface {
  readonly name = 'ConfirmStop1763751000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE owed_confirmations (
        number text CONSTRAINT owed_confirmations_pkey PRIMARY KEY,
        id uuid NOT NULL,
        outlet_id uuid NOT NULL,
        language text NOT NULL,
        at timestamptz NOT NULL
      );
      ALTER TABLE pending_opt_outs ADD COLUMN language text;
      ALTER TABLE blast_policy ADD COLUMN confirm_stop boolean NOT NULL DEFAULT true;
      ALTER TABLE blast_settings ADD COLUMN confirm_stop boolean;
      ALTER TABLE blasts DROP CONSTRAINT blasts_kind_check,
        ADD CONSTRAINT blasts_kind_check CHECK (kind IN ('blast', 'message', 'confirmation'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      UPDATE blasts SET kind = 'message' WHERE kind = 'confirmation';
      ALTER TABLE blasts DROP CONSTRAINT blasts_kind_check,
        ADD CONSTRAINT blasts_kind_check CHECK (kind IN ('blast', 'message'));
      ALTER TABLE blast_settings DROP COLUMN confirm_stop;
      ALTER TABLE blast_policy DROP COLUMN confirm_stop;
      ALTER TABLE pending_opt_outs DROP COLUMN language;
      DROP TABLE owed_confirmations`);
  }
}
