import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  BIN_DAYS,
  type BinnedContact,
  type ContactBinPage,
  type ContactBinQuery,
  type PurgeContacts,
  type RestoreContacts,
  type RestoredContacts,
} from '@koneksi/contracts/bin';
import { DataSource, type EntityManager } from 'typeorm';
import * as z from 'zod';
import { Clock } from '../../common/clock.js';
import { pageOfRows, readCursor } from '../../common/page-cursor.js';
import { OutletBin, type OwnBin, type Removal } from '../../outlets/bin/outlet-bin.js';
import { matchingCondition, type Condition } from '../contact-filter.js';
import { CONTACTS_PER_OUTLET, requireRoomForContacts } from '../contact-quota.js';
import { noSuchContact, numberIsThere } from '../refusals.js';

const DAY_MS = 86_400_000;
const BATCH = 5_000;
const Position = z.tuple([z.iso.datetime(), z.uuid()]);

interface Row {
  id: string;
  number: string;
  name: string | null;
  tags: string[];
  removed_at: Date;
  removed_by: string;
  removal_id: string;
  opted_out: boolean;
}

/**
 * Where removed contacts are for 30 days; of one outlet as many as it may have, those removed last. Nothing that reads
 * contacts reads these.
 */
@Injectable()
export class ContactBin implements OwnBin {
  constructor(
    private readonly dataSource: DataSource,
    private readonly clock: Clock,
    outletBin: OutletBin,
  ) {
    outletBin.keepBy(this);
  }

  /** Takes away the contacts that a condition on `contacts c` names. @returns how many, and what they are brought back by */
  async take(
    manager: EntityManager,
    outletId: string,
    which: Condition,
    by: string,
  ): Promise<{ deleted: number; removalId: string }> {
    const removalId = randomUUID();
    const deleted = await this.move(manager, which, { at: new Date(this.clock.wall()), by }, removalId, false);
    if (deleted > 0) await manager.query(OVER_QUOTA_SQL, [outletId, CONTACTS_PER_OUTLET]);
    return { deleted, removalId };
  }

  put(manager: EntityManager, outletId: string, removal: Removal): Promise<number> {
    return this.move(manager, { sql: 'c.outlet_id = $1', values: [outletId] }, removal, randomUUID(), true);
  }

  async takeBack(manager: EntityManager, outletId: string): Promise<void> {
    const of = { sql: 'b.outlet_id = $1 AND b.with_outlet', values: [outletId] };
    await this.bringBack(manager, of);
  }

  async forget(manager: EntityManager, outletId: string): Promise<void> {
    await manager.query('DELETE FROM binned_contacts WHERE outlet_id = $1', [outletId]);
  }

  async page(outletId: string, { search, after, limit }: ContactBinQuery): Promise<ContactBinPage> {
    const { sql, values } = matchingCondition(outletId, { search });
    const all = `FROM binned_contacts c WHERE ${sql} AND NOT c.with_outlet AND c.removed_at > $${values.length + 1}`;
    const known = [...values, this.oldest()];
    const [{ count }] = await this.dataSource.query<[{ count: number }]>(`SELECT count(*)::int AS count ${all}`, known);
    const from = after === undefined ? [] : readCursor(Position, after, 'after');
    const beyond = from.map((_, index) => `$${known.length + index + 1}`).join(', ');
    const rows = await this.dataSource.query<Row[]>(
      `SELECT c.*, EXISTS (SELECT FROM opt_outs o WHERE o.number = c.number) AS opted_out ${all}
       ${beyond && `AND (c.removed_at, c.id) < (${beyond})`} ORDER BY c.removed_at DESC, c.id DESC LIMIT ${limit + 1}`,
      [...known, ...from],
    );
    const { shown, next } = pageOfRows(rows, limit, (row) => [row.removed_at.toISOString(), row.id]);
    return { count, items: shown.map(toBinned), next };
  }

  /**
   * Those whose number the outlet has again stay; of several with one number the one removed last comes back.
   * @throws `CONTACT_NOT_FOUND` where there is none of these; `CONTACT_EXISTS` where none could come back; {QuotaReached}
   */
  restore(outletId: string, which: RestoreContacts): Promise<RestoredContacts> {
    const [sql, value] =
      'contactIds' in which
        ? ['b.id = ANY ($3::uuid[])', which.contactIds]
        : ['b.removal_id = $3::uuid', which.removalId];
    return this.dataSource.transaction(async (manager) => {
      const of = {
        sql: `b.outlet_id = $1 AND NOT b.with_outlet AND b.removed_at > $2 AND ${sql}`,
        values: [outletId, this.oldest(), value],
      };
      const result = await this.bringBack(manager, of);
      if (result.restored === 0) throw result.left === 0 ? noSuchContact() : numberIsThere();
      await requireRoomForContacts(manager, outletId, 0);
      return result;
    });
  }

  /** For good. @returns how many */
  async purge(outletId: string, which: PurgeContacts): Promise<number> {
    const ids = 'contactIds' in which ? which.contactIds : null;
    const [, deleted] = await this.dataSource.query<[unknown, number]>(
      `DELETE FROM binned_contacts
       WHERE outlet_id = $1 AND NOT with_outlet AND ($2::uuid[] IS NULL OR id = ANY ($2))`,
      [outletId, ids],
    );
    return deleted;
  }

  /** Those whose time is over. @returns how many */
  async forgetOld(mayGoOn: () => boolean): Promise<number> {
    let forgotten = 0;
    for (let batch = BATCH; batch === BATCH && mayGoOn(); forgotten += batch) {
      const [, count] = await this.dataSource.query<[unknown, number]>(FORGET_SQL, [this.oldest(), BATCH]);
      batch = count;
    }
    return forgotten;
  }

  private async move(
    manager: EntityManager,
    { sql, values }: Condition,
    { at, by }: Removal,
    removalId: string,
    withOutlet: boolean,
  ): Promise<number> {
    const places = [at, by, removalId, withOutlet].map((_, index) => `$${values.length + index + 1}`);
    const [{ count }] = await manager.query<[{ count: number }]>(
      `WITH gone AS (DELETE FROM contacts c WHERE ${sql} RETURNING c.*),
       kept AS (
         INSERT INTO binned_contacts (${COLUMNS}, removed_at, removed_by, removal_id, with_outlet)
         SELECT ${COLUMNS}, ${places.map((place, index) => place + TYPES[index]!).join(', ')} FROM gone
         RETURNING 1
       ) SELECT count(*)::int AS count FROM kept`,
      [...values, at, by, removalId, withOutlet],
    );
    return count;
  }

  private async bringBack(manager: EntityManager, { sql, values }: Condition): Promise<RestoredContacts> {
    const [result] = await manager.query<[RestoredContacts]>(
      `WITH wanted AS (SELECT b.* FROM binned_contacts b WHERE ${sql} FOR UPDATE),
       back AS (
         INSERT INTO contacts (${COLUMNS}, updated_at)
         SELECT ${COLUMNS}, $${values.length + 1}::timestamptz FROM wanted ORDER BY removed_at DESC, id
         ON CONFLICT DO NOTHING RETURNING id
       ),
       gone AS (DELETE FROM binned_contacts b USING back WHERE b.id = back.id)
       SELECT (SELECT count(*)::int FROM back) AS restored,
         (SELECT count(*)::int FROM wanted) - (SELECT count(*)::int FROM back) AS left`,
      [...values, new Date(this.clock.wall())],
    );
    return result;
  }

  private oldest(): Date {
    return new Date(this.clock.wall() - BIN_DAYS * DAY_MS);
  }
}

const COLUMNS = 'id, outlet_id, number, name, fields, tags, created_at';
const TYPES = ['::timestamptz', '::text', '::uuid', '::boolean'];

/** A bin without an end would fill the disk of all: those removed longest ago make room. */
const OVER_QUOTA_SQL = `
  DELETE FROM binned_contacts b USING (
    SELECT id FROM binned_contacts WHERE outlet_id = $1 ORDER BY removed_at DESC, id DESC OFFSET $2) old
  WHERE b.id = old.id`;

const FORGET_SQL = `
  DELETE FROM binned_contacts b USING (SELECT id FROM binned_contacts WHERE removed_at <= $1 LIMIT $2) old
  WHERE b.id = old.id`;

function toBinned(row: Row): BinnedContact {
  return {
    id: row.id,
    phone: row.number,
    name: row.name,
    tags: row.tags,
    optedOut: row.opted_out,
    removalId: row.removal_id,
    removedAt: row.removed_at.toISOString(),
    removedBy: row.removed_by,
    expiresAt: new Date(row.removed_at.getTime() + BIN_DAYS * DAY_MS).toISOString(),
  };
}
