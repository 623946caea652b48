import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What keys may be limited to, passwords that have to be changed, and blasts whose maker may not send any more. */
export class EndDelegatedWork1763719000000 implements MigrationInterface {
  readonly name = 'EndDelegatedWork1763719000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE users ADD must_change_password boolean NOT NULL DEFAULT false`);
    await runner.query(`ALTER TABLE api_keys ADD scopes text[]`);
    await runner.query(`ALTER TABLE blasts ADD awaits_admin boolean NOT NULL DEFAULT false`);
    await runner.query(
      `CREATE INDEX blasts_open_of ON blasts (created_by) WHERE status IN ('scheduled', 'running', 'paused')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX blasts_open_of`);
    await runner.query(`ALTER TABLE blasts DROP COLUMN awaits_admin`);
    await runner.query(`ALTER TABLE api_keys DROP COLUMN scopes`);
    await runner.query(`ALTER TABLE users DROP COLUMN must_change_password`);
  }
}
