import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What was made before it was kept whose contacts' tags leave people out asks those of its own outlets alone, as it did
 * then: its maker may see no others. Ended ones too, since a retry sends them on.
 */
export class LeaveOutAsBefore1763801300000 implements MigrationInterface {
  readonly name = 'LeaveOutAsBefore1763801300000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `UPDATE blasts SET audience = audience || jsonb_build_object('exceptWithin', audience -> 'outletIds')
       WHERE audience ? 'exceptTags' AND NOT audience ? 'exceptWithin'`,
    );
    await runner.query(
      `UPDATE repeating_blasts SET audience = audience || jsonb_build_object('exceptWithin', to_jsonb(outlet_ids))
       WHERE audience ? 'exceptTags' AND NOT audience ? 'exceptWithin' AND outlet_ids IS NOT NULL`,
    );
  }

  async down(): Promise<void> {
    // Which ones had none is not known any more.
  }
}
