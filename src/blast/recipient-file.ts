import {
  OUTLET_ZONES,
  RECIPIENT_REASONS,
  type OutletZone,
  type RecipientStatus,
} from '@koneksi/contracts/blast-states';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { guardCell } from '@koneksi/contracts/spreadsheet-cell';
import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import { toSpreadsheetPhone } from '../spreadsheets/domain/export-phone.js';
import { toldNumber, type RecipientRow } from './recipient-view.js';

/** A recipient as the file tells of it. */
export interface FileRow extends RecipientRow {
  name: string | null;
}

/** The outlets of the blast: what they were called, and the zone their times are told in. */
export type FileOutlets = ReadonlyMap<string, { name: string; zone: OutletZone }>;

interface Dialect {
  headers: readonly string[];
  delimiter: string;
  erased: string;
  statuses: Record<RecipientStatus, string>;
}

/** Headers, words, and the delimiter that spreadsheets of that language expect. */
const DIALECTS: Record<Locale, Dialect> = {
  id: {
    headers: [
      'nomor_wa',
      'nama',
      'outlet',
      'status',
      'alasan',
      'kode',
      'terkirim',
      'sampai',
      'dibaca',
      'dibalas',
      'zona',
    ],
    delimiter: ';',
    erased: 'data dihapus',
    statuses: {
      queued: 'Antre',
      sending: 'Sedang dikirim',
      sent: 'Terkirim',
      delivered: 'Sampai',
      read: 'Dibaca',
      failed: 'Gagal',
      skipped: 'Dilewati',
      unknown: 'Tidak pasti',
    },
  },
  en: {
    headers: [
      'whatsapp_number',
      'name',
      'outlet',
      'status',
      'reason',
      'code',
      'sent',
      'delivered',
      'read',
      'replied',
      'zone',
    ],
    delimiter: ',',
    erased: 'data erased',
    statuses: {
      queued: 'Queued',
      sending: 'Sending',
      sent: 'Sent',
      delivered: 'Delivered',
      read: 'Read',
      failed: 'Failed',
      skipped: 'Skipped',
      unknown: 'Uncertain',
    },
  },
};

/** The results of a blast as the contacts' file is: no spreadsheet executes it, rounds its numbers or moves its times. */
export function recipientFile(rows: AsyncIterable<FileRow>, outlets: FileOutlets, locale: Locale): Readable {
  const { headers, delimiter, erased, statuses } = DIALECTS[locale];
  const lines = Readable.from(
    (async function* () {
      for await (const row of rows) {
        const outlet = outlets.get(row.outlet_id);
        const zone = outlet?.zone ?? 'Asia/Jakarta';
        const reason = row.reason ? RECIPIENT_REASONS[row.reason][locale] : '';
        const times = [row.sent_at, row.delivered_at, row.read_at, row.replied_at].map((at) =>
          at ? localTime(at, zone) : '',
        );
        const number = toldNumber(row.number);
        const name = number === '' ? erased : (row.name ?? '');
        const cells = [name, outlet?.name ?? '', statuses[row.status], reason, row.code ?? ''].map(guardCell);
        yield [number && toSpreadsheetPhone(number), ...cells, ...times, OUTLET_ZONES[zone].abbreviation];
      }
    })(),
  );
  const csv = stringify({ bom: true, columns: [...headers], delimiter, header: true, record_delimiter: 'windows' });
  lines.once('error', (error) => csv.destroy(error));
  return lines.pipe(csv);
}

/** `2026-11-27 09:15:03`, which spreadsheets of either language read as an instant. */
function localTime(at: Date, zone: OutletZone): string {
  return new Date(at.getTime() + OUTLET_ZONES[zone].offsetMinutes * 60_000)
    .toISOString()
    .slice(0, 19)
    .replace('T', ' ');
}
