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

  /**
   * Those due now but `underWay`, the oldest first: of outlets that `owner` owns, and where `andGone` of those that are no
   * more. After a day there is nothing left to try with.
   */
  async due(limit: number, underWay: string[], owner: string, andGone: boolean): Promise<DueLeave[]> {
    await this.run(
      `UPDATE wa_farewell SET creds = '' WHERE owed_at < now() - make_interval(hours => $1) AND creds <> ''`,
      [KEPT_HOURS],
    );
    const rows = await this.run<Row>(
      `SELECT f.id, f.outlet_id, f.number, f.wrapped_key, f.creds, f.tries
       FROM wa_farewell f LEFT JOIN wa_lease l ON l.outlet_id = f.outlet_id
       WHERE f.next_try_at <= now() AND f.creds <> '' AND f.id <> ALL($2)
         AND (l.owner = $3 OR ($4 AND l.outlet_id IS NULL)) ORDER BY f.next_try_at LIMIT $1`,
      [limit, underWay, owner, andGone],
    );
    return rows.map((row) => {
      const { id, outlet_id: outletId, number, tries } = row;
      return { id, outletId, number, creds: this.opened(row), tries };
    });
  }

  /** Forgets the links that no phone lists any more; answers the phones that list no younger one either. */
  async over(): Promise<{ outletId: string; number: string }[]> {
    const rows = await this.run<Row>(
      `WITH gone AS (
         DELETE FROM wa_farewell WHERE owed_at < now() - make_interval(days => $1) RETURNING id, outlet_id, number)
       SELECT DISTINCT outlet_id, number FROM gone WHERE NOT EXISTS (
         SELECT 1 FROM wa_farewell f WHERE f.outlet_id = gone.outlet_id AND f.number = gone.number
           AND f.id NOT IN (SELECT id FROM gone))`,
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

  /**
   * WhatsApp knows that this link of this phone ended, by the id of what is owed where anything was; whether the phone
   * lists no other device of this outlet that nobody uses.
   */
  async taken(id: string | null, outletId: string, number: string): Promise<boolean> {
    if (id !== null) await this.run('DELETE FROM wa_farewell WHERE id = $1', [id]);
    // By a statement of its own: of two that are taken at the same time, the later one sees that none is left.
    const [row] = await this.run<{ was_last: boolean }>(
      'SELECT NOT EXISTS (SELECT 1 FROM wa_farewell WHERE outlet_id = $1 AND number = $2) AS was_last',
      [outletId, number],
    );
    return row!.was_last;
  }

  /** To be tried again after so many seconds. */
  async later(id: string, seconds: number): Promise<void> {
    await this.run(
      'UPDATE wa_farewell SET tries = tries + 1, next_try_at = now() + make_interval(secs => $2) WHERE id = $1',
      [id, seconds],
    );
  }

  /** The same without a try: it was not its turn. */
  async postpone(id: string, seconds: number): Promise<void> {
    await this.run('UPDATE wa_farewell SET next_try_at = now() + make_interval(secs => $2) WHERE id = $1', [
      id,
      seconds,
    ]);
  }

  private run<R extends object>(sql: string, parameters: unknown[]): Promise<R[]> {
    return withDeadline(prepared<R>(this.dataSource, sql, parameters), STORE_DEADLINE_MS, 'store call');
  }
}
