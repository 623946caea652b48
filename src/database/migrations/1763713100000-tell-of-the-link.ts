import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What WhatsApp allows an outlet, what is not in order with its link, and what keeps it alive. */
export class TellOfTheLink1763713100000 implements MigrationInterface {
  readonly name = 'TellOfTheLink1763713100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE wa_session ADD limits jsonb, ADD warnings jsonb NOT NULL DEFAULT '[]', ADD phone_seen_at timestamptz,
        ADD phone_asked_at timestamptz, ADD pulsed_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE wa_session DROP COLUMN limits, DROP COLUMN warnings, DROP COLUMN phone_seen_at,
        DROP COLUMN phone_asked_at, DROP COLUMN pulsed_at`);
  }
}
