import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Several processes may share the database: each says that it lives, and may let go of what it owns. */
export class KnowTheNodes1763792000000 implements MigrationInterface {
  readonly name = 'KnowTheNodes1763792000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE node (
        id uuid CONSTRAINT node_pkey PRIMARY KEY,
        url text NOT NULL,
        version text NOT NULL,
        schema_version text NOT NULL,
        beats bigint NOT NULL DEFAULT 0,
        leaving boolean NOT NULL DEFAULT false,
        started_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query('ALTER TABLE wa_lease ALTER COLUMN owner DROP NOT NULL');
    await runner.query('CREATE INDEX wa_lease_by_owner ON wa_lease (owner)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX wa_lease_by_owner');
    await runner.query('UPDATE wa_lease SET owner = gen_random_uuid() WHERE owner IS NULL');
    await runner.query('ALTER TABLE wa_lease ALTER COLUMN owner SET NOT NULL');
    await runner.query('DROP TABLE node');
  }
}
