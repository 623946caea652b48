import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who changed what, when and from where. */
export class KeepActivity1763770000000 implements MigrationInterface {
  readonly name = 'KeepActivity1763770000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE activity (
        id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT activity_pkey PRIMARY KEY,
        at timestamptz NOT NULL,
        ended_at timestamptz,
        action text NOT NULL,
        actor_id uuid,
        actor_kind text,
        actor_name text,
        address text,
        agent text,
        subject_id text,
        subject_name text,
        outlet_ids uuid[] NOT NULL DEFAULT '{}',
        people text[] NOT NULL DEFAULT '{}',
        changes jsonb NOT NULL DEFAULT '[]'
      )
    `);
    await runner.query('CREATE INDEX activity_at ON activity (at)');
    await runner.query('CREATE INDEX activity_actor ON activity (actor_id, id)');
    await runner.query('CREATE INDEX activity_outlets ON activity USING gin (outlet_ids)');
    await runner.query('CREATE INDEX activity_people ON activity USING gin (people)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE activity');
  }
}
