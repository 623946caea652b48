import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links by which somebody without an account links one outlet, once. */
export class OpenReconnectLinks1763738600000 implements MigrationInterface {
  readonly name = 'OpenReconnectLinks1763738600000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE reconnect_links (
        id uuid CONSTRAINT reconnect_links_pkey PRIMARY KEY,
        hash text NOT NULL CONSTRAINT reconnect_links_hash_key UNIQUE,
        outlet_id uuid NOT NULL CONSTRAINT reconnect_links_outlet_id_fkey REFERENCES outlets (id) ON DELETE CASCADE,
        maker_id uuid NOT NULL,
        maker_kind text NOT NULL,
        maker_name text NOT NULL,
        created_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        opened_at timestamptz,
        started_at timestamptz,
        ended_at timestamptz,
        ended_code text
      );
      CREATE INDEX reconnect_links_outlet ON reconnect_links (outlet_id);
      CREATE INDEX reconnect_links_maker ON reconnect_links (maker_id) WHERE ended_at IS NULL`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE reconnect_links');
  }
}
