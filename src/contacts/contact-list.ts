import { Injectable } from '@nestjs/common';
import type { ContactPage, ContactQuery, TagCount } from '@koneksi/contracts/contacts';
import { DataSource } from 'typeorm';
import * as z from 'zod';
import { pageOfRows, readCursor } from '../common/page-cursor.js';
import { matchingCondition, type Matching } from './contact-filter.js';
import { CONTACT_COLUMNS, toContact, type ContactRow } from './contact.view.js';

/** The order of the index `contacts_in_order`. */
const ORDER = `(c.name IS NULL), (coalesce(lower(c.name), '')), c.id`;
const Position = z.tuple([z.boolean(), z.string(), z.uuid()]);

type PlacedRow = ContactRow & { place: z.infer<typeof Position> };

/** What people see of an outlet's contacts, a page at a time. */
@Injectable()
export class ContactList {
  constructor(private readonly dataSource: DataSource) {}

  async page(outletId: string, query: ContactQuery): Promise<ContactPage> {
    const [count, slice] = await Promise.all([this.count(outletId, query), this.slice(outletId, query)]);
    return { count, ...slice };
  }

  async count(outletId: string, matching: Matching): Promise<number> {
    const { sql, values } = matchingCondition(outletId, matching);
    const [{ count }] = await this.dataSource.query<[{ count: string }]>(
      `SELECT count(*) FROM contacts c WHERE ${sql}`,
      values,
    );
    return Number(count);
  }

  /** A page alone; counting costs more than reading it. */
  async slice(outletId: string, { after, limit, ...matching }: ContactQuery): Promise<Omit<ContactPage, 'count'>> {
    const { sql, values } = matchingCondition(outletId, matching);
    const from = after === undefined ? [] : readCursor(Position, after, 'after');
    const beyond = from.map((_, index) => `$${values.length + index + 1}`).join(', ');
    const rows = await this.dataSource.query<PlacedRow[]>(
      `SELECT ${CONTACT_COLUMNS}, json_build_array(${ORDER}) AS place FROM contacts c
       WHERE ${sql} ${beyond && `AND (${ORDER}) > (${beyond})`}
       ORDER BY ${ORDER} LIMIT ${limit + 1}`,
      [...values, ...from],
    );
    const { shown, next } = pageOfRows(rows, limit, ({ place }) => place);
    return { contacts: shown.map(toContact), next };
  }

  /** Every tag in use, most used first. */
  async tags(outletId: string): Promise<TagCount[]> {
    const rows = await this.dataSource.query<{ tag: string; count: string }[]>(
      `SELECT tag, count(*) FROM contacts c, unnest(c.tags) AS tag WHERE c.outlet_id = $1
       GROUP BY tag ORDER BY count(*) DESC, tag`,
      [outletId],
    );
    return rows.map(({ tag, count }) => ({ tag, count: Number(count) }));
  }
}
