import { MAX_IMPORT_LINES } from '@koneksi/contracts/contact-import';
import { CsvError, parse, type Info } from 'csv-parse';
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError } from '../../common/domain-error.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import type { Delimiter } from '../domain/delimiter.js';

export interface CsvRecord {
  /** As an editor counts: the first line of the file is 1. */
  line: number;
  cells: string[];
}

const SLICE = 65_536;
/** Records between two turns of the event loop, so that status pushes do not wait for an import. */
export const RECORDS_A_TURN = 500;

/**
 * Every record with something in it.
 * @throws `IMPORT_TOO_LARGE`, or `VALIDATION_FAILED` naming `file` where a quotation mark is never closed.
 */
export async function readCsv(text: string, delimiter: Delimiter): Promise<CsvRecord[]> {
  const records: CsvRecord[] = [];
  const parser = Readable.from(slices(Buffer.from(text))).pipe(
    parse({
      delimiter,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
    }),
  );
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      records.push({ line: info.lines - linesWithin(record), cells: record.map((cell) => cell.trim()) });
      if (records.length > MAX_IMPORT_LINES + 1) throw tooLarge();
      if (records.length % RECORDS_A_TURN === 0) await nextTurn();
    }
  } catch (error) {
    if (error instanceof CsvError) throw new ValidationFailed([fieldProblem('file', 'FILE_QUOTE_OPEN')]);
    throw error;
  }
  return records;
}

export function tooLarge(): DomainError {
  return new DomainError('IMPORT_TOO_LARGE', 413, 'the file of contacts is too large');
}

/** In bytes, which the parser puts together again: a slice of text could end in the middle of an emoji. */
function* slices(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE);
}

/** The parser tells where a record ends. */
function linesWithin(record: readonly string[]): number {
  return record.reduce((lines, cell) => lines + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
}
