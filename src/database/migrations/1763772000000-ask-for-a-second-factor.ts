import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Codes of an app beside the password, for whoever wants them. */
export class AskForASecondFactor1763772000000 implements MigrationInterface {
  readonly name = 'AskForASecondFactor1763772000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users ADD COLUMN second_factor_at timestamptz;
      CREATE TABLE second_factors (
        id uuid CONSTRAINT second_factors_pkey PRIMARY KEY
          CONSTRAINT second_factors_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        key_id text NOT NULL,
        wrapped_key bytea NOT NULL,
        sealed bytea NOT NULL,
        last_step int
      );
      CREATE TABLE recovery_codes (
        hash text CONSTRAINT recovery_codes_pkey PRIMARY KEY,
        user_id uuid NOT NULL
          CONSTRAINT recovery_codes_user_id_fkey REFERENCES second_factors (id) ON DELETE CASCADE
      );
      CREATE INDEX recovery_codes_user_id_idx ON recovery_codes (user_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE recovery_codes;
      DROP TABLE second_factors;
      ALTER TABLE users DROP COLUMN second_factor_at`);
  }
}
