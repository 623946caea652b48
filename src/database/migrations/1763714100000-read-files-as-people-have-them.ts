import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One customer, one number, as `canonicalNumber` of the contracts has it: Brazil, Mexico and Argentina. */
const CANONICAL = (number: string): string => `
  regexp_replace(regexp_replace(regexp_replace(${number},
    '^55([1-9][0-9])([6-9][0-9]{7})$', '55\\19\\2'), '^521([0-9]{10})$', '52\\1'), '^54([1-8][0-9]{9})$', '549\\1')`;
const CANONICAL_SQL = CANONICAL('number');

/** How people say a file is to be read, opt-outs by file, and one form of each foreign number. */
export class ReadFilesAsPeopleHaveThem1763714100000 implements MigrationInterface {
  readonly name = 'ReadFilesAsPeopleHaveThem1763714100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contact_imports ADD reading jsonb NOT NULL DEFAULT '{}';
      ALTER TABLE opt_out_ledger DROP CONSTRAINT opt_out_ledger_means_check,
        ADD CONSTRAINT opt_out_ledger_means_check CHECK (means IN ('KEYWORD', 'STAFF', 'IMPORT'));
      UPDATE contacts c SET number = ${CANONICAL_SQL}
      WHERE number ~ '^5[245]' AND ${CANONICAL_SQL} <> number
        AND NOT EXISTS (SELECT FROM contacts o WHERE o.outlet_id = c.outlet_id AND o.number = ${CANONICAL('c.number')});
      WITH added AS (
        INSERT INTO opt_outs (number, opted_out_at)
        SELECT DISTINCT ON (1) ${CANONICAL_SQL}, opted_out_at FROM opt_outs
        WHERE number ~ '^5[245]' AND ${CANONICAL_SQL} <> number ORDER BY 1
        ON CONFLICT DO NOTHING RETURNING number)
      INSERT INTO opt_out_ledger (number, action, means, at, outlet_id, outlet_name, keyword, caller_id, caller_name, note)
      SELECT a.number, l.action, l.means, l.at, l.outlet_id, l.outlet_name, l.keyword, l.caller_id, l.caller_name, l.note
      FROM opt_out_ledger l JOIN added a ON a.number = ${CANONICAL('l.number')} AND l.number <> a.number ORDER BY l.id`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE contact_imports DROP COLUMN reading;
      ALTER TABLE opt_out_ledger DROP CONSTRAINT opt_out_ledger_means_check,
        ADD CONSTRAINT opt_out_ledger_means_check CHECK (means IN ('KEYWORD', 'STAFF')) NOT VALID`);
  }
}
