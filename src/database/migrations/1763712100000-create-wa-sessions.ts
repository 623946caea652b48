import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Sessions, their owners, their changes, and their sealed credentials. */
export class CreateWaSessions1763712100000 implements MigrationInterface {
  readonly name = 'CreateWaSessions1763712100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE wa_session (
        outlet_id uuid PRIMARY KEY REFERENCES outlets (id) ON DELETE CASCADE,
        status text NOT NULL,
        reason_code text,
        reason_params jsonb NOT NULL DEFAULT '{}',
        session_name text,
        connected_at timestamptz,
        last_seen timestamptz,
        retry_count int NOT NULL DEFAULT 0,
        next_retry_at timestamptz,
        qr_shown boolean NOT NULL DEFAULT false,
        revision bigint NOT NULL DEFAULT 0
      )`);
    await runner.query(`
      CREATE TABLE wa_lease (
        outlet_id uuid PRIMARY KEY REFERENCES outlets (id) ON DELETE CASCADE,
        owner uuid NOT NULL,
        epoch bigint NOT NULL,
        claimed_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE wa_credential (
        id uuid PRIMARY KEY,
        outlet_id uuid NOT NULL REFERENCES outlets (id) ON DELETE CASCADE,
        key_id text NOT NULL,
        wrapped_key bytea NOT NULL,
        creds bytea NOT NULL,
        linked_number text,
        created_at timestamptz NOT NULL DEFAULT now(),
        quarantined_at timestamptz
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX wa_credential_current ON wa_credential (outlet_id) WHERE quarantined_at IS NULL`,
    );
    await runner.query(`
      CREATE TABLE wa_signal_key (
        credential_id uuid NOT NULL REFERENCES wa_credential (id) ON DELETE CASCADE,
        kind text NOT NULL,
        key_id text NOT NULL,
        value bytea NOT NULL,
        PRIMARY KEY (credential_id, kind, key_id)
      )`);
    await runner.query(`
      CREATE TABLE outlet_status_change (
        cursor bigint PRIMARY KEY,
        outlet_id uuid NOT NULL,
        at timestamptz NOT NULL DEFAULT clock_timestamp(),
        revision bigint NOT NULL,
        previous text,
        status text,
        reason_code text,
        reason_params jsonb NOT NULL DEFAULT '{}',
        milestone boolean NOT NULL,
        element jsonb
      )`);
    await runner.query(`CREATE INDEX outlet_status_change_by_outlet ON outlet_status_change (outlet_id, cursor)`);
    await runner.query(`CREATE TABLE status_cursor (id int PRIMARY KEY, value bigint NOT NULL)`);
    await runner.query(`INSERT INTO status_cursor VALUES (1, 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'status_cursor',
      'outlet_status_change',
      'wa_signal_key',
      'wa_credential',
      'wa_lease',
      'wa_session',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
