import { Injectable } from '@nestjs/common';
import { prepared } from '../../database/prepared.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { withDeadline } from '../deadline.js';
import { placeOfCreds, placeOfKey, STORE_DEADLINE_MS } from './credential-store.js';
import { KeyEncryptionKey, unseal, UnreadableSecret, type WrappedKeys } from './envelope.js';

/** As long as credentials are kept after their end. */
const KEPT_HOURS = 24;

export const FAREWELL_KEYS: WrappedKeys = { table: 'wa_farewell', place: placeOfKey };

/** A leave that is owed. `creds` are Baileys', opened. */
export interface OwedLeave {
  id: string;
  outletId: string;
  number: string;
  creds: Buffer;
  /** How often it was tried before. */
  tries: number;
}

interface Row {
  id: string;
  outlet_id: string;
  number: string;
  wrapped_key: Buffer;
  creds: Buffer;
  tries: number;
}

/** What WhatsApp is still to be told: which devices are no longer in use. */
@Injectable()
export class FarewellStore {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly keyEncryptionKey: KeyEncryptionKey,
  ) {}

  /** Those due now, the oldest first. What no key opens, or is older than a day, is forgotten. */
  async due(limit: number): Promise<OwedLeave[]> {
    await this.run('DELETE FROM wa_farewell WHERE owed_at < now() - make_interval(hours => $1)', [KEPT_HOURS]);
    const rows = await this.run<Row>(
      `SELECT id, outlet_id, number, wrapped_key, creds, tries FROM wa_farewell
       WHERE next_try_at <= now() ORDER BY next_try_at LIMIT $1`,
      [limit],
    );
    return rows.flatMap((row) => {
      const creds = this.opened(row);
      return creds ? [{ id: row.id, outletId: row.outlet_id, number: row.number, creds, tries: row.tries }] : [];
    });
  }

  private opened({ id, wrapped_key: wrapped, creds }: Row): Buffer | null {
    try {
      return unseal(this.keyEncryptionKey.unwrap(placeOfKey(id), wrapped), placeOfCreds(id), creds);
    } catch (error) {
      if (error instanceof UnreadableSecret) return null;
      throw error;
    }
  }

  /** WhatsApp knows. */
  async taken(outletId: string, number: string): Promise<void> {
    await this.run('DELETE FROM wa_farewell WHERE outlet_id = $1 AND number = $2', [outletId, number]);
  }

  /** To be tried again after so many seconds. */
  async later(id: string, seconds: number): Promise<void> {
    await this.run(
      'UPDATE wa_farewell SET tries = tries + 1, next_try_at = now() + make_interval(secs => $2) WHERE id = $1',
      [id, seconds],
    );
  }

  private run<R extends object>(sql: string, parameters: unknown[]): Promise<R[]> {
    return withDeadline(prepared<R>(this.dataSource, sql, parameters), STORE_DEADLINE_MS, 'store call');
  }
}
