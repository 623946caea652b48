import { MAX_IMPORT_CELL, MAX_IMPORT_COLUMNS, MAX_IMPORT_LINES } from '@koneksi/contracts/contact-import';
import type { FieldTextCode } from '@koneksi/contracts/field-texts';
import { CsvError, parse, type Info } from 'csv-parse';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError } from '../../common/domain-error.js';
import { giveWay } from '../../common/give-way.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import type { Delimiter } from '../domain/delimiter.js';

export interface CsvRecord {
  /** As an editor counts: the first line of the file is 1. */
  line: number;
  cells: string[];
}

/** Characters between two turns of the event loop, so that status pushes do not wait for an import. */
const SLICE = 16_384;
/** Bytes of one record, so that a quotation mark left open does not take in the rest of a large file. */
const MAX_RECORD_BYTES = 200_000;

/**
 * Every record with something in it.
 * @throws `IMPORT_TOO_LARGE`, or `VALIDATION_FAILED` naming `file` where a quotation mark is never closed, or a line
 * has more columns or longer cells than any file of contacts.
 */
export async function readCsv(text: string, delimiter: Delimiter): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
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
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      records.push({ line: info.lines - linesWithin(record), cells: record.map((cell) => cell.trim()) });
      if (records.length > MAX_IMPORT_LINES + 1) throw tooLarge();
      if (way.isDue()) await way.give();
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw refused(error.code === 'CSV_MAX_RECORD_SIZE' ? 'FILE_CELL_TOO_LONG' : 'FILE_QUOTE_OPEN');
  } finally {
    source.destroy();
  }
  return records;
}

export function tooLarge(): DomainError {
  return new DomainError('IMPORT_TOO_LARGE', 413, 'the file of contacts is too large');
}

function refused(code: FieldTextCode): ValidationFailed {
  return new ValidationFailed([fieldProblem('file', code)]);
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

/** The parser tells where a record ends. */
function linesWithin(record: readonly string[]): number {
  return record.reduce((lines, cell) => lines + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
}
