import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who answered a blast, and how many; never what. */
export class CountReplies1763730000000 implements MigrationInterface {
  readonly name = 'CountReplies1763730000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE blast_recipients ADD COLUMN replied_at timestamptz');
    await runner.query(
      'CREATE INDEX blast_recipients_replied ON blast_recipients (blast_id, seq) WHERE replied_at IS NOT NULL',
    );
    await runner.query('ALTER TABLE blast_outlets ADD COLUMN replied int NOT NULL DEFAULT 0');
    await runner.query(`
      CREATE TABLE pending_replies (
        outlet_id uuid NOT NULL,
        alias text NOT NULL,
        at timestamptz NOT NULL,
        CONSTRAINT pending_replies_pkey PRIMARY KEY (outlet_id, alias, at)
      )`);
    await runner.query('CREATE INDEX pending_replies_alias ON pending_replies (alias)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE pending_replies');
    await runner.query('ALTER TABLE blast_outlets DROP COLUMN replied');
    await runner.query('DROP INDEX blast_recipients_replied');
    await runner.query('ALTER TABLE blast_recipients DROP COLUMN replied_at');
  }
}
