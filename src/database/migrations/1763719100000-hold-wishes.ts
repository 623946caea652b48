import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What looks like a wish to hear no more waits for a person. */
export class HoldWishes1763719100000 implements MigrationInterface {
  readonly name = 'HoldWishes1763719100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE held_wishes (
        number text CONSTRAINT held_wishes_pkey PRIMARY KEY,
        outlet_id uuid NOT NULL,
        outlet_name text,
        words text NOT NULL,
        at timestamptz NOT NULL
      );
      CREATE INDEX held_wishes_outlet_id ON held_wishes (outlet_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE held_wishes');
  }
}
