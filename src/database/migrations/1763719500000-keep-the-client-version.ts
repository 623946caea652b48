import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The newest version WhatsApp told survives a restart without a way to its site. */
export class KeepTheClientVersion1763719500000 implements MigrationInterface {
  readonly name = 'KeepTheClientVersion1763719500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE wa_client_version (
        id int PRIMARY KEY,
        version text NOT NULL,
        told_at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wa_client_version');
  }
}
