import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What broke, for how long, and who took care of it. The names outlive the outlets. */
export class KeepIncidents1763733000000 implements MigrationInterface {
  readonly name = 'KeepIncidents1763733000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE incident (
        id uuid PRIMARY KEY,
        code text,
        params jsonb NOT NULL DEFAULT '{}',
        started_at timestamptz NOT NULL,
        last_fell_at timestamptz NOT NULL,
        ended_at timestamptz,
        acknowledged_at timestamptz,
        acknowledged_by text
      );
      CREATE INDEX incident_by_start ON incident (started_at, id);
      CREATE INDEX incident_open ON incident (started_at) WHERE ended_at IS NULL;
      CREATE TABLE incident_outlet (
        incident_id uuid NOT NULL CONSTRAINT incident_outlet_incident_id_fkey REFERENCES incident (id) ON DELETE CASCADE,
        outlet_id uuid NOT NULL,
        name text NOT NULL,
        since timestamptz NOT NULL,
        until timestamptz,
        relapses int NOT NULL DEFAULT 0,
        PRIMARY KEY (incident_id, outlet_id)
      );
      CREATE INDEX incident_outlet_by_outlet ON incident_outlet (outlet_id, until)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE incident_outlet; DROP TABLE incident');
  }
}
