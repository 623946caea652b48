import { Injectable } from '@nestjs/common';
import { birthdayIn } from '../contacts/domain/birthday.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { notExcepted } from './audience-sql.js';
import type { BirthdayField } from '@koneksi/contracts/repeating-blasts';
import type { BirthdaysMeant, KeptAudience } from './blast.entity.js';
import { BirthdayTally, type ContactFields } from './domain/birthday-tally.js';
import { lowerTags } from './domain/tags.js';

interface Among extends Pick<KeptAudience, 'tags' | 'exceptTags' | 'exceptWithin'> {
  /** `null` for every outlet. */
  outletIds: readonly string[] | null;
}

/** Written `17/5`, `17 Mei 1990`, or in an address book's way `19900517`: whatever may be one of these days of a month. */
const mayBe = (days: readonly number[]): string => {
  const padded = days.map((day) => String(day).padStart(2, '0'));
  return `(^|[^0-9])0?(${days.join('|')})([^0-9]|$)|^\\s*([0-9]{4}|--)[0-9]{2}(${padded.join('|')})`;
};

/** Contacts read at once: few enough to be judged while nobody waits. */
const PAGE = 1_000;

interface ContactRow extends ContactFields {
  outlet_id: string;
}

/** Whose birthday it is. */
@Injectable()
export class Birthdays {
  constructor(private readonly dataSource: SystemDataSource) {}

  /** Contacts, by their ids. */
  async of({ field, dates }: BirthdaysMeant, { outletIds, tags, exceptTags, exceptWithin }: Among): Promise<string[]> {
    const days = dates.map((date) => Number(date.slice(3)));
    const written = await this.dataSource.query<{ id: string; value: string }[]>(
      `SELECT c.id, f.value FROM contacts c CROSS JOIN LATERAL jsonb_each_text(c.fields) f
       WHERE ($1::uuid[] IS NULL OR c.outlet_id = ANY ($1::uuid[])) AND lower(f.key) = lower($2) AND f.value ~ $3
         AND ($4::text[] IS NULL OR c.tags && $4::text[]) AND ${notExcepted('c.number', '$5::text[]', '$6::uuid[]')}
       ORDER BY c.id`,
      [outletIds, field.trim(), mayBe(days), lower(tags), lower(exceptTags), exceptWithin ?? null],
    );
    return written.filter(({ value }) => isMeant(value, dates)).map(({ id }) => id);
  }

  /** The fields in which contacts of these outlets have birthdays, with who of those meant has one. */
  async fieldsOf(
    outletIds: readonly string[],
    { tags, exceptTags, exceptWithin }: Omit<Among, 'outletIds'>,
  ): Promise<BirthdayField[]> {
    const tally = new BirthdayTally();
    let after: ContactRow | undefined;
    for (let page = PAGE; page === PAGE;) {
      const rows: ContactRow[] = await this.dataSource.query(
        `SELECT c.number, c.outlet_id, c.fields,
           ($4::text[] IS NULL OR c.tags && $4::text[]) AND ${notExcepted('c.number', '$5::text[]', '$6::uuid[]')}
             AND NOT EXISTS (SELECT FROM opt_outs o WHERE o.number = c.number) AS meant
         FROM contacts c WHERE c.outlet_id = ANY ($1::uuid[]) AND (c.number, c.outlet_id) > ($2, $3::uuid)
         ORDER BY c.number, c.outlet_id LIMIT ${PAGE}`,
        [
          outletIds,
          after?.number ?? '',
          after?.outlet_id ?? NO_ID,
          lower(tags),
          lower(exceptTags),
          exceptWithin ?? null,
        ],
      );
      for (const row of rows) tally.add(row);
      page = rows.length;
      after = rows.at(-1);
    }
    return tally.fields();
  }
}

const NO_ID = '00000000-0000-0000-0000-000000000000';
const lower = (all?: readonly string[]): string[] | null => (all ? lowerTags(all) : null);

/** Whether a field names one of these days. */
export const isMeant = (field: string, dates: readonly string[]): boolean => dates.includes(birthdayIn(field) ?? '');
