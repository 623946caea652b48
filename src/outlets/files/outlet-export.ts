import { OUTLET_FIELDS, OUTLET_HEADERS, type OutletField } from '@koneksi/contracts/outlet-import';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { guardCell } from '@koneksi/contracts/spreadsheet-cell';
import { stringify } from 'csv-stringify/sync';
import { toSpreadsheetPhone } from '../../spreadsheets/domain/export-phone.js';
import { joinTags } from '../../spreadsheets/domain/tags-cell.js';

/** The delimiter that spreadsheets of that language expect, and its words for yes and no. */
const DIALECTS: Record<Locale, { delimiter: string; yes: string; no: string }> = {
  id: { delimiter: ';', yes: 'ya', no: 'tidak' },
  en: { delimiter: ',', yes: 'yes', no: 'no' },
};

/** Outlets as a file that no spreadsheet executes, and that imports as what they are. */
export function outletsAsCsv(outlets: readonly Outlet[], locale: Locale): string {
  const { delimiter, yes, no } = DIALECTS[locale];
  const cellsOf = (outlet: Outlet): Record<OutletField, string> => ({
    name: guardCell(outlet.name),
    number: toSpreadsheetPhone(outlet.whatsappNumber),
    city: guardCell(outlet.city ?? ''),
    tags: guardCell(joinTags(outlet.tags)),
    active: outlet.isActive ? yes : no,
    autoReconnect: outlet.autoReconnect ? yes : no,
  });
  return stringify(
    outlets.map((outlet) => {
      const cells = cellsOf(outlet);
      return OUTLET_FIELDS.map((field) => cells[field]);
    }),
    {
      bom: true,
      columns: OUTLET_FIELDS.map((field) => OUTLET_HEADERS[locale][field]),
      delimiter,
      header: true,
      record_delimiter: 'windows',
    },
  );
}
