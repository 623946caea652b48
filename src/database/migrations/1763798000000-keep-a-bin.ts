import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Outlets and contacts that were removed, for 30 days. They have no part in any other table. */
export class KeepABin1763798000000 implements MigrationInterface {
  readonly name = 'KeepABin1763798000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE binned_outlets (
        id uuid CONSTRAINT binned_outlets_pkey PRIMARY KEY,
        outlet jsonb NOT NULL,
        contacts int NOT NULL DEFAULT 0,
        removed_at timestamptz NOT NULL,
        removed_by text NOT NULL
      );
      CREATE INDEX binned_outlets_removed_at ON binned_outlets (removed_at);
      CREATE TABLE binned_outlet_rows (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT binned_outlet_rows_pkey PRIMARY KEY,
        outlet_id uuid NOT NULL CONSTRAINT binned_outlet_rows_outlet_id_fkey REFERENCES binned_outlets ON DELETE CASCADE,
        table_name text NOT NULL,
        row jsonb NOT NULL
      );
      CREATE INDEX binned_outlet_rows_outlet_id ON binned_outlet_rows (outlet_id);
      CREATE TABLE binned_contacts (
        id uuid CONSTRAINT binned_contacts_pkey PRIMARY KEY,
        outlet_id uuid NOT NULL,
        number text NOT NULL,
        name text,
        fields jsonb NOT NULL,
        tags text[] NOT NULL,
        created_at timestamptz NOT NULL,
        removed_at timestamptz NOT NULL,
        removed_by text NOT NULL,
        removal_id uuid NOT NULL,
        with_outlet boolean NOT NULL DEFAULT false
      );
      CREATE INDEX binned_contacts_outlet ON binned_contacts (outlet_id, removed_at, id);
      CREATE INDEX binned_contacts_number ON binned_contacts (number);
      CREATE INDEX binned_contacts_removed_at ON binned_contacts (removed_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE binned_contacts, binned_outlet_rows, binned_outlets');
  }
}
