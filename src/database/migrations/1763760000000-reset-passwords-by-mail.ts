import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links by which somebody who forgot their password sets another, once. */
export class ResetPasswordsByMail1763760000000 implements MigrationInterface {
  readonly name = 'ResetPasswordsByMail1763760000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE password_resets (
        hash text CONSTRAINT password_resets_pkey PRIMARY KEY,
        user_id uuid NOT NULL CONSTRAINT password_resets_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        replaces text NOT NULL,
        expires_at timestamptz NOT NULL
      );
      CREATE INDEX password_resets_user_id_idx ON password_resets (user_id);
      CREATE INDEX password_resets_expires_at_idx ON password_resets (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE password_resets');
  }
}
