import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Requests that were sent with an `Idempotency-Key`, and what was answered, for a day. */
export class DoThingsOnce1763738700000 implements MigrationInterface {
  readonly name = 'DoThingsOnce1763738700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency_keys (
        caller_id uuid NOT NULL,
        route text NOT NULL,
        key text NOT NULL,
        request_hash bytea NOT NULL,
        created_at timestamptz NOT NULL,
        answer bytea,
        CONSTRAINT idempotency_keys_pkey PRIMARY KEY (caller_id, route, key)
      );
      CREATE INDEX idempotency_keys_old ON idempotency_keys (created_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_keys');
  }
}
