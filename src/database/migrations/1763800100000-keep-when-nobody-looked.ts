import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Strips tell when Koneksi did not run, and that what is connected was told to stay away. */
export class KeepWhenNobodyLooked1763800100000 implements MigrationInterface {
  readonly name = 'KeepWhenNobodyLooked1763800100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE status_blind_spans (
        from_at timestamptz NOT NULL,
        to_at timestamptz NOT NULL,
        CONSTRAINT status_blind_spans_pkey PRIMARY KEY (from_at)
      )`);
    await runner.query(`
      CREATE INDEX outlet_status_change_turns ON outlet_status_change (outlet_id, at, cursor)
      WHERE (milestone OR status = 'CONNECTED') AND status IS NOT NULL`);
    await runner.query('DROP INDEX outlet_status_change_milestones');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX outlet_status_change_milestones ON outlet_status_change (outlet_id, at, cursor, status)
      WHERE milestone AND status IS NOT NULL`);
    await runner.query('DROP INDEX outlet_status_change_turns');
    await runner.query('DROP TABLE status_blind_spans');
  }
}
