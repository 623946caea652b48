import { MAX_IMPORT_CELL, MAX_IMPORT_COLUMNS, MAX_IMPORT_LINES } from '@koneksi/contracts/contact-import';
import { CsvError, parse, type Info } from 'csv-parse';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { giveWay } from '../common/give-way.js';
import { ValidationFailed } from '../common/validation-failed.js';
import type { Delimiter } from './domain/delimiter.js';
import { refused, tooLarge, type TableRecord } from './table.js';

/** Characters between two turns of the event loop, so that status pushes do not wait for an import. */
const SLICE = 16_384;
/** Bytes of one record, so that a quotation mark left open does not take in the rest of a large file. */
const MAX_RECORD_BYTES = 200_000;

/**
 * Every record with something in it.
 * @throws `IMPORT_TOO_LARGE`, or `VALIDATION_FAILED` naming `file` where a quotation mark is never closed, or a line
 * has more columns or longer cells than any file of contacts.
 */
export async function readCsv(text: string, delimiter: Delimiter, firstLine: number): Promise<TableRecord[]> {
  const records: TableRecord[] = [];
  const parser = parse({
    cast: (cell, { index }) => {
      if (index >= MAX_IMPORT_COLUMNS) throw refused('FILE_TOO_MANY_COLUMNS');
      if (cell.length > MAX_IMPORT_CELL) throw refused('FILE_CELL_TOO_LONG');
      return cell;
    },
    delimiter,
    info: true,
    max_record_size: MAX_RECORD_BYTES,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_empty_values: true,
  });
  const source = Readable.from(slices(text));
  source.pipe(parser);
  const way = giveWay();
  let ended = 0;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      ended = info.lines;
      records.push({
        line: firstLine - 1 + info.lines - linesWithin(record),
        cells: record.map((cell) => cell.trim()),
      });
      if (records.length > MAX_IMPORT_LINES + 1) throw tooLarge();
      if (way.isDue()) await way.give();
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw refused('FILE_CELL_TOO_LONG');
    throw quoteOpen(firstLine - 1 + openedBehind(text, ended));
  } finally {
    source.destroy();
  }
  return records;
}

/** Where it is, people can find it. */
function quoteOpen(line: number): ValidationFailed {
  const text = {
    id: `Ada tanda kutip (") yang dibuka di baris ${line} tetapi tidak pernah ditutup.`,
    en: `A quotation mark (") is opened in line ${line} and never closed.`,
  };
  return new ValidationFailed([{ field: 'file', text }]);
}

/** With one kind of line end: the parser counts \r\n within quotes as two lines. None ends within \r\n or an emoji. */
async function* slices(text: string): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + SLICE, text.length);
    if (/^(\r\n|[\ud800-\udbff][\udc00-\udfff])$/.test(text.slice(end - 1, end + 1))) end += 1;
    yield Buffer.from(text.slice(at, end).replace(/\r\n?/g, '\n'));
    at = end;
    await nextTurn();
  }
}

/** The first line with a quotation mark behind those that were read. */
function openedBehind(text: string, ended: number): number {
  const lines = text.split(/\r\n?|\n/);
  const at = lines.findIndex((line, index) => index >= ended && line.includes('"'));
  return (at < 0 ? ended : at) + 1;
}

/** The parser tells where a record ends. */
function linesWithin(record: readonly string[]): number {
  return record.reduce((lines, cell) => lines + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
}
