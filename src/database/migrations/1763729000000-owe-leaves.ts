import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links that ended while WhatsApp could not be told. They outlive their outlet. */
export class OweLeaves1763729000000 implements MigrationInterface {
  readonly name = 'OweLeaves1763729000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE wa_farewell (
        id uuid PRIMARY KEY,
        outlet_id uuid NOT NULL,
        number text NOT NULL,
        key_id text NOT NULL,
        wrapped_key bytea NOT NULL,
        creds bytea NOT NULL,
        tries int NOT NULL DEFAULT 0,
        next_try_at timestamptz NOT NULL,
        owed_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE wa_farewell');
  }
}
