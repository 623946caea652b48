import { fieldProblem, ValidationFailed } from '../common/validation-failed.js';
import { findHeader, headersAt } from './domain/header-line.js';
import { refused, type Table, type TableRecord } from './table.js';

/** What people are shown of a cell. */
export const LONGEST_VALUE = 60;
const SAMPLES = 3;
/** A report's titles are no longer than that. */
const LOOKED_THROUGH = 100;

/** A table below its headers and what stands above them. */
export interface Body {
  headers: string[] | null;
  /** As an editor counts; `null` where no line names the columns. */
  headerLine: number | null;
  linesAbove: number;
  records: TableRecord[];
}

/**
 * Finds the headers, or takes the line of them that a person named; 0 where none is.
 * @throws `VALIDATION_FAILED` naming `file` for an empty one, or `headerLine`
 */
export function bodyOf({ headers, records }: Table, chosen: number | undefined): Body {
  if (records.length === 0) throw refused('FILE_EMPTY');
  if (headers) return { headers, headerLine: null, linesAbove: 0, records };
  if (chosen === 0) return { headers: null, headerLine: null, linesAbove: 0, records };
  const most = chosen === undefined ? LOOKED_THROUGH : records.length;
  const looked = records.slice(0, most).map(({ cells }) => shown(cells));
  const found = chosen === undefined ? findHeader(looked) : chosenHeader(records, chosen);
  return {
    headers: found.header === null ? null : headersAt(looked, found.header),
    headerLine: found.header === null ? null : records[found.header]!.line,
    linesAbove: found.header ?? found.first,
    records: records.slice(found.first),
  };
}

/** Which column a person means by its header, or by its place counted from 1; `null` for none. */
export function columnAt(headers: readonly string[] | null, said: string, width: number): number | null {
  const named = headers?.findIndex((header) => header.trim().toLowerCase() === said.toLowerCase()) ?? -1;
  const at = named >= 0 ? named : /^\d{1,3}$/.test(said) ? Number(said) - 1 : -1;
  return at >= 0 && at < width ? at : null;
}

/** How people tell a column from the others. */
export function describe(
  headers: readonly string[] | null,
  looked: readonly (readonly string[])[],
  index: number,
): { header: string | null; samples: string[] } {
  return {
    header: headers ? (headers[index] ?? '') : null,
    samples: looked
      .map((cells) => cells[index] ?? '')
      .filter((cell) => cell !== '')
      .slice(0, SAMPLES),
  };
}

/** What people are shown of cells, and what columns are guessed from. */
export function shown(cells: readonly string[]): string[] {
  return Array.from(cells, (cell) => (cell ?? '').slice(0, LONGEST_VALUE));
}

function chosenHeader(records: readonly TableRecord[], line: number): { header: number; first: number } {
  const header = records.findIndex((record) => record.line === line);
  if (header < 0) throw new ValidationFailed([fieldProblem('headerLine', 'HEADER_LINE_UNKNOWN')]);
  return { header, first: header + 1 };
}
