import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What somebody wrote twice in one second reads in the order it was written in. */
export class KeepRepliesInOrder1763799800000 implements MigrationInterface {
  readonly name = 'KeepRepliesInOrder1763799800000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE blast_replies ADD COLUMN no bigint NOT NULL GENERATED ALWAYS AS IDENTITY');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE blast_replies DROP COLUMN no');
  }
}
