import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Browsers that are called by push, and the key they know us by. */
export class CallBrowsers1763799700000 implements MigrationInterface {
  readonly name = 'CallBrowsers1763799700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE push_keys (
        id uuid CONSTRAINT push_keys_pkey PRIMARY KEY,
        public_key text NOT NULL,
        key_id text NOT NULL,
        wrapped_key bytea NOT NULL,
        sealed bytea NOT NULL
      );
      CREATE TABLE push_subscriptions (
        id uuid CONSTRAINT push_subscriptions_pkey PRIMARY KEY,
        user_id uuid NOT NULL
          CONSTRAINT push_subscriptions_user_id_fkey REFERENCES users (id) ON DELETE CASCADE,
        endpoint_hash text NOT NULL CONSTRAINT push_subscriptions_endpoint_hash_key UNIQUE,
        browser text NOT NULL,
        key_id text NOT NULL,
        wrapped_key bytea NOT NULL,
        sealed bytea NOT NULL,
        created_at timestamptz NOT NULL,
        last_sent_at timestamptz
      );
      CREATE INDEX push_subscriptions_user ON push_subscriptions (user_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE push_subscriptions');
    await runner.query('DROP TABLE push_keys');
  }
}
