import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is told what breaks, what was said of each incident so that it is said once, and the outbox it is sent from. */
export class CallPeople1763741000000 implements MigrationInterface {
  readonly name = 'CallPeople1763741000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of TABLES) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['alert_deliveries', 'alert_told', 'alert_rules']) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  `CREATE TABLE alert_rules (
    id uuid CONSTRAINT alert_rules_pkey PRIMARY KEY,
    name text NOT NULL,
    settings jsonb NOT NULL,
    owner_id uuid NOT NULL,
    owner_name text NOT NULL,
    paused_code text,
    paused_at timestamptz,
    created_at timestamptz NOT NULL
  )`,
  `CREATE TABLE alert_told (
    rule_id uuid NOT NULL CONSTRAINT alert_told_rule_id_fkey REFERENCES alert_rules (id) ON DELETE CASCADE,
    incident_id uuid NOT NULL,
    round int NOT NULL,
    kind text NOT NULL,
    part int NOT NULL,
    at timestamptz NOT NULL,
    outlet_ids uuid[] NOT NULL,
    CONSTRAINT alert_told_pkey PRIMARY KEY (rule_id, incident_id, round, kind, part)
  )`,
  `CREATE INDEX alert_told_newest ON alert_told (at)`,
  `CREATE TABLE alert_deliveries (
    id uuid CONSTRAINT alert_deliveries_pkey PRIMARY KEY,
    seq bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    rule_id uuid,
    channel text NOT NULL,
    target text NOT NULL,
    language text NOT NULL,
    content jsonb NOT NULL,
    incident_ids uuid[] NOT NULL,
    at timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'pending'
      CONSTRAINT alert_deliveries_status_check CHECK (status IN ('pending', 'sent', 'dead', 'dropped')),
    tries int NOT NULL DEFAULT 0,
    last_tries jsonb NOT NULL DEFAULT '[]',
    next_try_at timestamptz,
    leased_until timestamptz,
    sent_at timestamptz
  )`,
  `CREATE INDEX alert_deliveries_due ON alert_deliveries (next_try_at) WHERE status = 'pending'`,
  `CREATE INDEX alert_deliveries_newest ON alert_deliveries (seq)`,
  `CREATE INDEX alert_deliveries_old ON alert_deliveries (at) WHERE status <> 'pending'`,
];
