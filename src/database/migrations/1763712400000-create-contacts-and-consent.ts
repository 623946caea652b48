import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The customers of each outlet, and which numbers want no messages, with the ledger of how that came to be. */
export class CreateContactsAndConsent1763712400000 implements MigrationInterface {
  readonly name = 'CreateContactsAndConsent1763712400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE contacts (
        id uuid PRIMARY KEY,
        outlet_id uuid NOT NULL REFERENCES outlets (id) ON DELETE CASCADE,
        number text NOT NULL,
        name text,
        fields jsonb NOT NULL DEFAULT '{}',
        tags text[] NOT NULL DEFAULT '{}',
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT contacts_outlet_id_number_key UNIQUE (outlet_id, number)
      )`);
    // The order people see, nameless ones last; a page starts where the one before ended.
    await runner.query(`
      CREATE INDEX contacts_in_order ON contacts (outlet_id, (name IS NULL), (coalesce(lower(name), '')), id)`);
    await runner.query(`CREATE INDEX contacts_number ON contacts (number)`);
    await runner.query(`
      CREATE TABLE opt_outs (
        number text PRIMARY KEY,
        opted_out_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE opt_out_ledger (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        number text NOT NULL,
        action text NOT NULL CHECK (action IN ('OPT_OUT', 'OPT_IN')),
        means text NOT NULL CHECK (means IN ('KEYWORD', 'STAFF')),
        at timestamptz NOT NULL,
        outlet_id uuid,
        outlet_name text,
        keyword text,
        caller_id uuid,
        caller_name text,
        note text,
        CHECK (means <> 'STAFF' OR (caller_id IS NOT NULL AND caller_name IS NOT NULL)),
        CHECK (action <> 'OPT_IN' OR (means = 'STAFF' AND coalesce(note, '') <> ''))
      )`);
    await runner.query(`CREATE INDEX opt_out_ledger_number ON opt_out_ledger (number, id)`);
    await runner.query(`
      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the opt-out ledger is only ever added to';
      END $$`);
    await runner.query(`
      CREATE TRIGGER opt_out_ledger_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON opt_out_ledger
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE opt_out_ledger`);
    await runner.query(`DROP FUNCTION refuse_change`);
    await runner.query(`DROP TABLE opt_outs`);
    await runner.query(`DROP TABLE contacts`);
  }
}
