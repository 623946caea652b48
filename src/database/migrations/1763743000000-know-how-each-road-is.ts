import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each channel was last told, and when it last took something, is found without reading all that was ever said. */
export class KnowHowEachRoadIs1763743000000 implements MigrationInterface {
  readonly name = 'KnowHowEachRoadIs1763743000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`CREATE INDEX alert_deliveries_tried ON alert_deliveries (channel, seq) WHERE tries > 0`);
    await runner.query(
      `CREATE INDEX alert_deliveries_sent ON alert_deliveries (channel, sent_at) WHERE sent_at IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX alert_deliveries_sent');
    await runner.query('DROP INDEX alert_deliveries_tried');
  }
}
