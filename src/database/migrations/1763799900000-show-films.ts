import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What phones show of a film before they have it. */
export class ShowFilms1763799900000 implements MigrationInterface {
  readonly name = 'ShowFilms1763799900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE blast_media ADD COLUMN thumbnail bytea');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE blast_media DROP COLUMN thumbnail');
  }
}
