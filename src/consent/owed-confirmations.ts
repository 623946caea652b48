import type { TextLanguage } from '@koneksi/contracts/text-language';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { SystemDataSource } from '../database/system-data-source.js';

/** Somebody who is to be told once that no more messages come. */
export interface OwedConfirmation {
  /** One for each opt-out. */
  id: string;
  number: string;
  outletId: string;
  language: TextLanguage;
  /** When they wrote. */
  at: Date;
}

/** In the transaction of the opt-out. Shops of ours are told nothing: two of them would answer each other. */
export const OWE_SQL = `
  INSERT INTO owed_confirmations (number, id, outlet_id, language, at)
  SELECT $1, gen_random_uuid(), $2::uuid, $3, $4 WHERE NOT EXISTS (SELECT FROM outlets WHERE whatsapp_number = $1)
  ON CONFLICT (number) DO UPDATE
  SET id = EXCLUDED.id, outlet_id = EXCLUDED.outlet_id, language = EXCLUDED.language, at = EXCLUDED.at`;

export const UNOWE_SQL = 'DELETE FROM owed_confirmations WHERE number = $1';

/** Who is owed a word after their STOP. Written with the opt-out itself, so that no crash forgets it and none says it twice. */
@Injectable()
export class OwedConfirmations {
  constructor(private readonly dataSource: SystemDataSource) {}

  /** The oldest first; of one number, or of all. */
  list(number: string | null): Promise<OwedConfirmation[]> {
    return this.dataSource.query(
      `SELECT id, number, outlet_id AS "outletId", language, at FROM owed_confirmations
       WHERE $1::text IS NULL OR number = $1 ORDER BY at`,
      [number],
    );
  }

  /** It is on its way, or is not to be said. Whether it was owed until now. */
  async settle(id: string, manager: EntityManager = this.dataSource.manager): Promise<boolean> {
    const sql = `WITH settled AS (DELETE FROM owed_confirmations WHERE id = $1 RETURNING id) SELECT id FROM settled`;
    return (await manager.query<object[]>(sql, [id])).length > 0;
  }
}
