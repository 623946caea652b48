import type { Activity, ActivityFileQuery } from '@koneksi/contracts/activity';
import { ACTIVITY_TEXTS, subjectName } from '@koneksi/contracts/activity-texts';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { guardCell } from '@koneksi/contracts/spreadsheet-cell';
import { Injectable } from '@nestjs/common';
import { stringify } from 'csv-stringify';
import { Readable } from 'node:stream';
import type { Caller } from '../auth/caller.js';
import { ActivityReader } from './activity-reader.js';

const AT_ONCE = 1_000;

interface Dialect {
  headers: readonly string[];
  /** What spreadsheets of that language expect between cells. */
  delimiter: string;
  hidden: string;
  times: string;
  unknown: string;
  done: string;
}

const DIALECTS: Record<Locale, Dialect> = {
  id: {
    headers: ['waktu_wib', 'siapa', 'jenis', 'tindakan', 'pada', 'perubahan', 'hasil', 'alamat_ip', 'perangkat', 'id'],
    delimiter: ';',
    hidden: 'diubah, isinya tidak dicatat',
    times: 'kali',
    unknown: 'tidak diketahui',
    done: 'selesai',
  },
  en: {
    headers: ['time_wib', 'who', 'kind', 'act', 'on', 'changes', 'outcome', 'ip_address', 'device', 'id'],
    delimiter: ',',
    hidden: 'changed, its value is not recorded',
    times: 'times',
    unknown: 'unknown',
    done: 'done',
  },
};

/** `2026-11-27 23:51:02`, which every spreadsheet reads as a time; in Jakarta, wherever the server is. */
const TIME = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'Asia/Jakarta' });

/** The log of activity as a file that spreadsheets open and execute nothing of. */
@Injectable()
export class ActivityFile {
  constructor(private readonly reader: ActivityReader) {}

  /** The first lines are read before it is answered, so that what fails at once is refused as everywhere. */
  async csv(caller: Caller, wanted: ActivityFileQuery, locale: Locale): Promise<Readable> {
    const { headers, delimiter } = DIALECTS[locale];
    const columns = [...headers];
    const csv = stringify({ bom: true, columns, delimiter, header: true, record_delimiter: 'windows' });
    const first = await this.reader.read(caller, wanted, null, AT_ONCE);
    const lines = Readable.from(this.lines(caller, wanted, first, locale));
    lines.on('error', (error) => csv.destroy(error));
    return lines.pipe(csv);
  }

  private async *lines(
    caller: Caller,
    wanted: ActivityFileQuery,
    first: Activity[],
    locale: Locale,
  ): AsyncGenerator<string[]> {
    let page = first;
    while (page.length > 0) {
      for (const line of page) yield cellsOf(line, locale);
      if (page.length < AT_ONCE) return;
      page = await this.reader.read(caller, wanted, page.at(-1)!.id, AT_ONCE);
    }
  }
}

function cellsOf(line: Activity, locale: Locale): string[] {
  const { id, at, actor, action, subject, changes, outcome, address, agent, times } = line;
  const { kinds, acts } = ACTIVITY_TEXTS[locale];
  const { hidden, unknown, done, times: word } = DIALECTS[locale];
  const changed = changes.map(({ field, before, after, hidden: isHidden }) =>
    isHidden ? `${field}: ${hidden}` : `${field}: ${textOf(before)} → ${textOf(after)}`,
  );
  return [
    TIME.format(new Date(at)),
    actor?.name ?? '',
    kinds[subject.kind],
    acts[action],
    subjectName(subject, locale) ?? '',
    (times !== undefined ? [`${times} ${word}`, ...changed] : changed).join('\n'),
    outcome === 'done' ? done : unknown,
    address ?? '',
    agent ?? '',
    id,
  ].map(guardCell);
}

const textOf = (value: unknown): string =>
  value === null ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
