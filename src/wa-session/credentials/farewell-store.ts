import { Injectable } from '@nestjs/common';
import { prepared } from '../../database/prepared.js';
import { SystemDataSource } from '../../database/system-data-source.js';
import { withDeadline } from '../../common/deadline.js';
import { owing, type OwedLeave } from '../domain/owed-leaves.js';
import { placeOfCreds, placeOfKey, STORE_DEADLINE_MS } from './credential-store.js';
import { KeyEncryptionKey, type WrappedKeys } from '../../common/envelope.js';
import { unseal, UnreadableSecret } from '../../common/sealing.js';

/** As long as credentials are kept after their end. */
const KEPT_HOURS = 24;
/** By then WhatsApp has dropped a link that nobody used (devlikeapro/waha#1584): its phone lists it no more. */
const LISTED_DAYS = 30;

export const FAREWELL_KEYS: WrappedKeys = { table: 'wa_farewell', place: placeOfKey };

/** A leave that is to be tried now. */
export interface DueLeave {
  id: string;
  outletId: string;
  number: string;
  /** Baileys', opened; `null` where no key opens them. */
  creds: Buffer | null;
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

/**
 * What WhatsApp is still to be told: which devices are no longer in use. A row outlives its credentials, since people
 * are told of the device for as long as its phone may list it.
 */
@Injectable()
export class FarewellStore {
  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly keyEncryptionKey: KeyEncryptionKey,
  ) {}

  /** Those due now but `underWay`, the oldest first. After a day there is nothing left to try with. */
  async due(limit: number, underWay: string[]): Promise<DueLeave[]> {
    await this.run(
      `UPDATE wa_farewell SET creds = '' WHERE owed_at < now() - make_interval(hours => $1) AND creds <> ''`,
      [KEPT_HOURS],
    );
    const rows = await this.run<Row>(
      `SELECT id, outlet_id, number, wrapped_key, creds, tries FROM wa_farewell
       WHERE next_try_at <= now() AND creds <> '' AND id <> ALL($2) ORDER BY next_try_at LIMIT $1`,
      [limit, underWay],
    );
    return rows.map((row) => {
      const { id, outlet_id: outletId, number, tries } = row;
      return { id, outletId, number, creds: this.opened(row), tries };
    });
  }

  /** Forgets, and answers, the links that no phone lists any more. */
  async over(): Promise<{ outletId: string; number: string }[]> {
    const rows = await this.run<Row>(
      `DELETE FROM wa_farewell WHERE owed_at < now() - make_interval(days => $1) RETURNING outlet_id, number`,
      [LISTED_DAYS],
    );
    return rows.map(({ outlet_id: outletId, number }) => ({ outletId, number }));
  }

  /** What is owed of each outlet, the oldest first. */
  async owed(): Promise<Map<string, OwedLeave[]>> {
    const rows = await this.run<{ outlet_id: string; number: string; owed_at: Date }>(
      'SELECT outlet_id, number, owed_at FROM wa_farewell ORDER BY owed_at',
      [],
    );
    const owed = new Map<string, OwedLeave[]>();
    for (const { outlet_id: id, number, owed_at: at } of rows)
      owed.set(id, [...owing(owed.get(id) ?? [], number, at.getTime())]);
    return owed;
  }

  private opened({ id, wrapped_key: wrapped, creds }: Row): Buffer | null {
    try {
      return unseal(this.keyEncryptionKey.unwrap(placeOfKey(id), wrapped), placeOfCreds(id), creds);
    } catch (error) {
      if (error instanceof UnreadableSecret) return null;
      throw error;
    }
  }

  /** WhatsApp knows; whether that phone lists no other device of this outlet that nobody uses. */
  async taken(id: string): Promise<boolean> {
    const [row] = await this.run<{ was_last: boolean }>(
      `WITH gone AS (DELETE FROM wa_farewell WHERE id = $1 RETURNING outlet_id, number)
       SELECT NOT EXISTS (SELECT 1 FROM wa_farewell f JOIN gone USING (outlet_id, number) WHERE f.id <> $1) AS was_last`,
      [id],
    );
    return row?.was_last ?? true;
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
