import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Nodes count attempts together. Not logged: a crash of the database forgets them, and nobody waits for a disk. */
export class CountTogether1763801000000 implements MigrationInterface {
  readonly name = 'CountTogether1763801000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE attempts (
        key text CONSTRAINT attempts_pkey PRIMARY KEY,
        points integer NOT NULL,
        expires_at timestamptz NOT NULL
      ) WITH (fillfactor = 70)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE attempts');
  }
}
