import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Cities and tags, people who are disabled and what they prefer, and a status history that ends and can be drawn. */
export class ServeTheDashboard1763712200000 implements MigrationInterface {
  readonly name = 'ServeTheDashboard1763712200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE outlets ADD city text, ADD tags text[] NOT NULL DEFAULT '{}'`);
    await runner.query(`
      ALTER TABLE users
        ADD is_disabled boolean NOT NULL DEFAULT false,
        ADD last_login_at timestamptz,
        ADD language text,
        ADD theme text`);
    // Elements are replayed as they were pushed; clients rely on every field.
    await runner.query(`
      UPDATE outlet_status_change
      SET element = jsonb_set(element, '{outlet}', '{"city": null, "tags": []}' || (element -> 'outlet'))
      WHERE element IS NOT NULL`);
    await runner.query(`
      CREATE INDEX outlet_status_change_milestones ON outlet_status_change (outlet_id, at, cursor, status)
      WHERE milestone AND status IS NOT NULL`);
    await runner.query(`CREATE TABLE status_retention (id int PRIMARY KEY, forgotten bigint NOT NULL)`);
    await runner.query(`INSERT INTO status_retention VALUES (1, 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE status_retention`);
    await runner.query(`DROP INDEX outlet_status_change_milestones`);
    await runner.query(`
      UPDATE outlet_status_change SET element = element #- '{outlet,city}' #- '{outlet,tags}' WHERE element IS NOT NULL`);
    await runner.query(`
      ALTER TABLE users DROP is_disabled, DROP last_login_at, DROP language, DROP theme`);
    await runner.query(`ALTER TABLE outlets DROP city, DROP tags`);
  }
}
