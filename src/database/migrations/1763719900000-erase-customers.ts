import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger still refuses every change but one: while a customer is erased, what people noted about them goes. What was
 * done, when and by whom stays.
 */
export class EraseCustomers1763719900000 implements MigrationInterface {
  readonly name = 'EraseCustomers1763719900000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE FUNCTION refuse_change_but_erasing() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF TG_OP = 'UPDATE' AND NEW.number = coalesce(current_setting('koneksi.erases', true), '')
          AND NEW.note = '-' AND to_jsonb(NEW) - 'note' = to_jsonb(OLD) - 'note' THEN
          RETURN NEW;
        END IF;
        RAISE EXCEPTION 'the opt-out ledger is only ever added to';
      END $$;
      DROP TRIGGER opt_out_ledger_only_grows ON opt_out_ledger;
      CREATE TRIGGER opt_out_ledger_only_grows BEFORE DELETE OR TRUNCATE ON opt_out_ledger
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER opt_out_ledger_keeps BEFORE UPDATE ON opt_out_ledger
      FOR EACH ROW EXECUTE FUNCTION refuse_change_but_erasing()`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER opt_out_ledger_keeps ON opt_out_ledger;
      DROP FUNCTION refuse_change_but_erasing;
      DROP TRIGGER opt_out_ledger_only_grows ON opt_out_ledger;
      CREATE TRIGGER opt_out_ledger_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON opt_out_ledger
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`);
  }
}
