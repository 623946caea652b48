import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files of contacts that were uploaded and are being looked at before they are imported. */
export class KeepUploadedImports1763712410000 implements MigrationInterface {
  readonly name = 'KeepUploadedImports1763712410000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE contact_imports (
        id uuid PRIMARY KEY,
        outlet_id uuid NOT NULL REFERENCES outlets (id) ON DELETE CASCADE,
        caller_id uuid NOT NULL,
        content bytea NOT NULL,
        columns jsonb,
        expires_at timestamptz NOT NULL
      )`);
    await runner.query(`CREATE INDEX contact_imports_outlet_id ON contact_imports (outlet_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE contact_imports`);
  }
}
