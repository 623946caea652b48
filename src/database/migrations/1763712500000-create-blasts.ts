import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Blasts, one row per recipient, what each outlet may send, and who did what. */
export class CreateBlasts1763712500000 implements MigrationInterface {
  readonly name = 'CreateBlasts1763712500000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE blast_media (
        id uuid PRIMARY KEY,
        kind text NOT NULL,
        mime_type text NOT NULL,
        file_name text NOT NULL,
        bytes int NOT NULL,
        uploaded_by uuid NOT NULL,
        uploaded_at timestamptz NOT NULL,
        key_id text NOT NULL,
        wrapped_key bytea NOT NULL,
        content bytea NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE blasts (
        id uuid PRIMARY KEY,
        title text,
        status text NOT NULL CHECK (status IN ('scheduled', 'running', 'paused', 'canceled', 'finished')),
        revision bigint NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL,
        created_by uuid NOT NULL,
        created_by_name text NOT NULL,
        scheduled_at text,
        started_at timestamptz,
        finished_at timestamptz,
        recipients int NOT NULL,
        skipped jsonb NOT NULL DEFAULT '{}',
        media_id uuid REFERENCES blast_media (id),
        key_id text NOT NULL,
        wrapped_key bytea NOT NULL,
        message bytea NOT NULL,
        idempotency_key text,
        request_hash text NOT NULL
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX blasts_idempotency ON blasts (created_by, idempotency_key) WHERE idempotency_key IS NOT NULL`);
    await runner.query(`CREATE INDEX blasts_newest ON blasts (created_at, id)`);
    await runner.query(`
      CREATE TABLE blast_outlets (
        blast_id uuid NOT NULL REFERENCES blasts (id) ON DELETE CASCADE,
        outlet_id uuid NOT NULL,
        outlet_name text NOT NULL,
        not_before timestamptz,
        hold_code text,
        hold_until timestamptz,
        stopped boolean NOT NULL DEFAULT false,
        queued int NOT NULL DEFAULT 0,
        sending int NOT NULL DEFAULT 0,
        sent int NOT NULL DEFAULT 0,
        delivered int NOT NULL DEFAULT 0,
        read int NOT NULL DEFAULT 0,
        failed int NOT NULL DEFAULT 0,
        skipped int NOT NULL DEFAULT 0,
        unknown int NOT NULL DEFAULT 0,
        CONSTRAINT blast_outlets_pkey PRIMARY KEY (blast_id, outlet_id)
      )`);
    await runner.query(`CREATE INDEX blast_outlets_open ON blast_outlets (outlet_id) WHERE queued + sending > 0`);
    await runner.query(`
      CREATE TABLE blast_recipients (
        blast_id uuid NOT NULL REFERENCES blasts (id) ON DELETE CASCADE,
        seq int NOT NULL,
        outlet_id uuid NOT NULL,
        number text NOT NULL,
        name text,
        params jsonb NOT NULL DEFAULT '{}',
        status text NOT NULL CHECK (
          status IN ('queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'skipped', 'unknown')),
        reason text,
        code text,
        message_id text,
        content bytea,
        sending_at timestamptz,
        sent_at timestamptz,
        delivered_at timestamptz,
        read_at timestamptz,
        CONSTRAINT blast_recipients_pkey PRIMARY KEY (blast_id, seq),
        CONSTRAINT blast_recipients_once UNIQUE (blast_id, number)
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX blast_recipients_message ON blast_recipients (message_id) WHERE message_id IS NOT NULL`);
    await runner.query(`
      CREATE INDEX blast_recipients_queued ON blast_recipients (outlet_id, blast_id, seq) WHERE status = 'queued'`);
    await runner.query(`
      CREATE INDEX blast_recipients_queued_number ON blast_recipients (number) WHERE status = 'queued'`);
    await runner.query(`
      CREATE INDEX blast_recipients_sending ON blast_recipients (outlet_id) WHERE status = 'sending'`);
    await runner.query(`CREATE INDEX blast_recipients_status ON blast_recipients (blast_id, status, seq)`);
    await runner.query(`
      CREATE TABLE blast_settings (
        outlet_id uuid PRIMARY KEY REFERENCES outlets (id) ON DELETE CASCADE,
        zone text,
        pace_min_ms int,
        pace_max_ms int,
        new_chats_per_day int,
        known_chats_per_day int,
        warm_up_days int,
        quiet_hours jsonb,
        restricted_until timestamptz
      )`);
    await runner.query(`
      CREATE TABLE blast_days (
        outlet_id uuid NOT NULL REFERENCES outlets (id) ON DELETE CASCADE,
        day date NOT NULL,
        new_chats int NOT NULL DEFAULT 0,
        known_chats int NOT NULL DEFAULT 0,
        CONSTRAINT blast_days_pkey PRIMARY KEY (outlet_id, day)
      )`);
    await runner.query(`
      CREATE TABLE outlet_chats (
        outlet_id uuid NOT NULL REFERENCES outlets (id) ON DELETE CASCADE,
        number text NOT NULL,
        since timestamptz NOT NULL,
        CONSTRAINT outlet_chats_pkey PRIMARY KEY (outlet_id, number)
      )`);
    await runner.query(`
      CREATE TABLE whatsapp_numbers (
        number text PRIMARY KEY,
        exists boolean NOT NULL,
        checked_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE blast_audit (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL,
        action text NOT NULL,
        blast_id uuid,
        caller_id uuid NOT NULL,
        caller_name text NOT NULL,
        outlet_ids uuid[] NOT NULL,
        recipients int NOT NULL,
        message_length int,
        message_hash text,
        detail jsonb NOT NULL DEFAULT '{}'
      )`);
    await runner.query(`CREATE INDEX blast_audit_blast ON blast_audit (blast_id, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'blast_audit',
      'whatsapp_numbers',
      'outlet_chats',
      'blast_days',
      'blast_settings',
      'blast_recipients',
      'blast_outlets',
      'blasts',
      'blast_media',
    ]) {
      await runner.query(`DROP TABLE ${table}`);
    }
  }
}
