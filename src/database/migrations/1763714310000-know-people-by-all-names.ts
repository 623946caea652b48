import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which number is behind a LID, over all outlets and links; and who wants no messages and is known by a LID alone. */
export class KnowPeopleByAllNames1763714310000 implements MigrationInterface {
  readonly name = 'KnowPeopleByAllNames1763714310000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE known_numbers (
        alias text CONSTRAINT known_numbers_pkey PRIMARY KEY,
        number text NOT NULL,
        learned_at timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE pending_opt_outs (
        alias text CONSTRAINT pending_opt_outs_pkey PRIMARY KEY,
        outlet_id uuid NOT NULL,
        keyword text NOT NULL,
        at timestamptz NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE pending_opt_outs`);
    await runner.query(`DROP TABLE known_numbers`);
  }
}
