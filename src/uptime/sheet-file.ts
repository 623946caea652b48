import type { Locale } from '@koneksi/contracts/reason-texts';
import { guardCell } from '@koneksi/contracts/spreadsheet-cell';
import { uptimeOf } from '@koneksi/contracts/uptime-mark';
import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import type { Stays } from '../incidents/incident-stays.js';
import type { Sums } from './domain/sums.js';
import type { Counted } from './uptime-sums.js';

/** An outlet's month. Milliseconds. */
export interface SheetLine {
  readonly outlet: Counted;
  readonly days: readonly Sums[];
  readonly total: Sums;
  /** `null` of an outlet that was removed. */
  readonly unknown: number | null;
  readonly stays: Stays | null;
}

interface Dialect {
  headers: readonly string[];
  /** What spreadsheets of that language expect between cells, and before decimals. */
  delimiter: string;
  decimal: string;
  removed: (name: string) => string;
}

const DIALECTS: Record<Locale, Dialect> = {
  id: {
    headers: [
      'outlet',
      'kota',
      'uptime_persen',
      'menit_aktif',
      'menit_bermasalah',
      'menit_jeda',
      'menit_tidak_diketahui',
      'gangguan',
      'rata_rata_menit_pulih',
    ],
    delimiter: ';',
    decimal: ',',
    removed: (name) => `${name} (dihapus)`,
  },
  en: {
    headers: [
      'outlet',
      'city',
      'uptime_percent',
      'minutes_up',
      'minutes_down',
      'minutes_paused',
      'minutes_unknown',
      'incidents',
      'mean_minutes_to_repair',
    ],
    delimiter: ',',
    decimal: '.',
    removed: (name) => `${name} (removed)`,
  },
};

/** One outlet a line: its month, then the uptime of each day in percent. No spreadsheet executes a name. */
export function sheetFile(lines: readonly SheetLine[], dayCount: number, locale: Locale): Readable {
  const { headers, delimiter, decimal, removed } = DIALECTS[locale];
  const number = (value: number | null): string => (value === null ? '' : value.toFixed(2).replace('.', decimal));
  const minutes = (ms: number | null): string => number(ms === null ? null : ms / 60_000);
  const rows = lines.map(({ outlet, days, total, unknown, stays }) => [
    guardCell(outlet.isThere ? outlet.name : removed(outlet.name)),
    guardCell(outlet.city ?? ''),
    number(percentOf(total)),
    ...[total.up, total.down, total.paused, unknown].map(minutes),
    String(stays?.incidents ?? 0),
    minutes(stays === null || stays.meanSeconds === null ? null : stays.meanSeconds * 1_000),
    ...days.map((day) => number(percentOf(day))),
  ]);
  const columns = [...headers, ...Array.from({ length: dayCount }, (_, index) => String(index + 1))];
  const csv = stringify({ bom: true, columns, delimiter, header: true, record_delimiter: 'windows' });
  return Readable.from(rows).pipe(csv);
}

/** Never rounded up: 100 is all of it. */
function percentOf(sums: Sums): number | null {
  const uptime = uptimeOf(sums);
  return uptime === null ? null : Math.floor(uptime * 10_000) / 100;
}
