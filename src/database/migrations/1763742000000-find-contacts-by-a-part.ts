import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Parts of names and numbers by trigrams. A database that lacks the extension, or a role that may not add it, goes on
 * without: searches then read every contact of an outlet, and the log says so at each start.
 */
export class FindContactsByAPart1763742000000 implements MigrationInterface {
  readonly name = 'FindContactsByAPart1763742000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DO $$ BEGIN
        CREATE EXTENSION IF NOT EXISTS pg_trgm;
        CREATE INDEX contacts_name_parts ON contacts USING gin (lower(name) gin_trgm_ops);
        CREATE INDEX contacts_number_parts ON contacts USING gin (number gin_trgm_ops);
      EXCEPTION WHEN OTHERS THEN
        RAISE NOTICE 'contacts are searched without an index: %', SQLERRM;
      END $$`);
  }

  /** The extension may have been there before. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS contacts_name_parts');
    await runner.query('DROP INDEX IF EXISTS contacts_number_parts');
  }
}
