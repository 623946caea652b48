import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The next CREDENTIALS_KEY, sealed by the present one, while a running Koneksi is handed it. */
export class HandOverKeys1763712600000 implements MigrationInterface {
  readonly name = 'HandOverKeys1763712600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE key_handover (
        id int PRIMARY KEY,
        key_id text NOT NULL,
        sealed_by text NOT NULL,
        sealed bytea NOT NULL,
        finished_at timestamptz
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE key_handover`);
  }
}
