import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A person has a node hand over what it owns while its process stays up. */
export class DrainNodes1763800150000 implements MigrationInterface {
  readonly name = 'DrainNodes1763800150000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE node ADD COLUMN IF NOT EXISTS drained boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE node DROP COLUMN drained');
  }
}
