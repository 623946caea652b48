import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who was shown a QR or a pairing code, of which outlet and when; never the code. */
export class RecordWhoSawACode1763712700000 implements MigrationInterface {
  readonly name = 'RecordWhoSawACode1763712700000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE link_audit (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL,
        outlet_id uuid NOT NULL,
        code text NOT NULL,
        caller_id uuid NOT NULL,
        caller_kind text NOT NULL,
        caller_name text NOT NULL
      )`);
    await runner.query('CREATE INDEX link_audit_outlet ON link_audit (outlet_id, id)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE link_audit');
  }
}
