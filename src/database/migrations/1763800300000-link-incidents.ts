import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A reconnect link that went out with an alert belongs to its incident: one of them opens. */
export class LinkIncidents1763800300000 implements MigrationInterface {
  readonly name = 'LinkIncidents1763800300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE reconnect_links ADD COLUMN incident_id uuid, ADD COLUMN ordinal int');
    await runner.query(
      'ALTER TABLE reconnect_links ADD CONSTRAINT reconnect_links_incident_key UNIQUE (incident_id, outlet_id, ordinal)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE reconnect_links DROP CONSTRAINT reconnect_links_incident_key');
    await runner.query('ALTER TABLE reconnect_links DROP COLUMN incident_id, DROP COLUMN ordinal');
  }
}
