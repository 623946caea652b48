import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import type { ContactExportQuery } from '@koneksi/contracts/contacts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { stringify } from 'csv-stringify';
import { DataSource } from 'typeorm';
import { Gate } from '../common/gate.js';
import { matchingCondition } from './contact-filter.js';
import { ContactList } from './contact-list.js';
import { toSpreadsheetPhone } from '../spreadsheets/domain/export-phone.js';
import { joinTags } from '../spreadsheets/domain/tags-cell.js';
import { guardCell } from '@koneksi/contracts/spreadsheet-cell';

/** Headers that an import recognises, and the delimiter that spreadsheets of that language expect. */
const DIALECTS: Record<Locale, { headers: [phone: string, name: string, tags: string]; delimiter: string }> = {
  id: { headers: ['nomor_wa', 'nama', 'tag'], delimiter: ';' },
  en: { headers: ['whatsapp_number', 'name', 'tags'], delimiter: ',' },
};
const PAGE = 1_000;

/** An outlet's contacts as a file that no spreadsheet executes, and that imports as what it was. */
@Injectable()
export class ContactExport {
  /** Which columns there will be, every contact must be asked; its lines are read a page at a time. */
  private readonly surveys = new Gate({ atOnce: 2, waiting: 5, patienceMs: 10_000 });

  constructor(
    private readonly dataSource: DataSource,
    private readonly contactList: ContactList,
  ) {}

  async csv(outletId: string, matching: ContactExportQuery, locale: Locale): Promise<Readable> {
    const { headers, delimiter } = DIALECTS[locale];
    const fields = await this.surveys.pass(outletId, () => this.fieldNames(outletId, matching));
    const lines = Readable.from(this.lines(outletId, matching, fields));
    const csv = stringify({
      bom: true,
      columns: [...headers, ...fields],
      delimiter,
      header: true,
      record_delimiter: 'windows',
    });
    lines.once('error', (error) => csv.destroy(error));
    return lines.pipe(csv);
  }

  private async *lines(outletId: string, matching: ContactExportQuery, fields: string[]): AsyncGenerator<string[]> {
    let after: string | undefined;
    do {
      const page = await this.contactList.slice(outletId, { ...matching, after, limit: PAGE });
      for (const { phone, name, tags, fields: values } of page.contacts) {
        const cells = [
          name ?? '',
          joinTags(tags),
          ...fields.map((field) => (Object.hasOwn(values, field) ? values[field]! : '')),
        ];
        yield [toSpreadsheetPhone(phone), ...cells.map(guardCell)];
      }
      after = page.next ?? undefined;
    } while (after);
  }

  private async fieldNames(outletId: string, matching: ContactExportQuery): Promise<string[]> {
    const { sql, values } = matchingCondition(outletId, matching);
    const rows = await this.dataSource.query<{ field: string }[]>(
      `SELECT DISTINCT jsonb_object_keys(c.fields) AS field FROM contacts c WHERE ${sql} ORDER BY field`,
      values,
    );
    return rows.map(({ field }) => field);
  }
}
