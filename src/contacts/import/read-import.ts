import type { ColumnUse, ImportColumn, ImportPreview, ImportReason } from '@koneksi/contracts/contact-import';
import { giveWay } from '../../common/give-way.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { guessDelimiter, type Delimiter } from '../domain/delimiter.js';
import { guessColumns, isHeader } from '../domain/guess-columns.js';
import { readLine, type ImportDraft } from '../domain/import-line.js';
import { decode } from './decode.js';
import { readCsv, type CsvRecord } from './read-csv.js';

export interface Rejection {
  line: number;
  value: string;
  reason: ImportReason;
}

/** A file as its columns are taken: each line a draft or a rejection. */
export interface ReadImport {
  encoding: ImportPreview['encoding'];
  delimiter: Delimiter;
  columns: ImportColumn[];
  /** With something in them, headers aside. */
  lines: number;
  drafts: (ImportDraft & { line: number })[];
  rejected: Rejection[];
}

const SAMPLES = 3;
const LOOKED_AT = 50;
const LONGEST_VALUE = 60;

/**
 * Reads a file of contacts; `chosen` is what a person took its columns for, in place of our guess.
 * @throws `VALIDATION_FAILED` naming `file` or `columns`, `IMPORT_TOO_LARGE`
 */
export async function readImport(bytes: Buffer, chosen: readonly ColumnUse[] | null): Promise<ReadImport> {
  const decoded = decode(bytes);
  if (!decoded) throw new ValidationFailed([fieldProblem('file', 'FILE_NOT_CSV')]);
  const declared = /^sep=([;,\t|])(?:\r\n?|\n)/i.exec(decoded.text);
  const text = declared ? decoded.text.slice(declared[0].length) : decoded.text;
  const delimiter = (declared?.[1] as Delimiter | undefined) ?? guessDelimiter(text);
  const records = await readCsv(text, delimiter);
  if (declared) for (const record of records) record.line += 1;
  if (records.length === 0) throw new ValidationFailed([fieldProblem('file', 'FILE_EMPTY')]);
  const first = shown(records[0]!.cells);
  const headers = isHeader(first) ? first : null;
  if (headers) records.shift();
  const columns = describeColumns(headers, records, chosen);
  return { encoding: decoded.encoding, delimiter, columns, lines: records.length, ...(await divide(records, columns)) };
}

function describeColumns(
  headers: string[] | null,
  records: readonly CsvRecord[],
  chosen: readonly ColumnUse[] | null,
): ImportColumn[] {
  const looked = records.slice(0, LOOKED_AT).map(({ cells }) => shown(cells));
  const width = Math.max(headers?.length ?? 0, ...looked.map((cells) => cells.length));
  const uses = chosen ?? guessColumns(headers, looked, width);
  if (uses.length !== width) throw new ValidationFailed([fieldProblem('columns', 'COLUMNS_DIFFER')]);
  return uses.map((as, index) => ({
    header: headers?.[index] ?? null,
    samples: looked
      .map((cells) => cells[index] ?? '')
      .filter((cell) => cell !== '')
      .slice(0, SAMPLES),
    as,
  }));
}

/** What people are shown of cells, and what columns are guessed from. */
function shown(cells: readonly string[]): string[] {
  return cells.map((cell) => cell.slice(0, LONGEST_VALUE));
}

async function divide(
  records: readonly CsvRecord[],
  columns: readonly ImportColumn[],
): Promise<Pick<ReadImport, 'drafts' | 'rejected'>> {
  const uses = columns.map(({ as }) => as);
  const phoneAt = uses.findIndex(({ use }) => use === 'phone');
  // Until a person says where the numbers are, no line can be judged.
  if (phoneAt < 0) return { drafts: [], rejected: [] };
  const drafts: ReadImport['drafts'] = [];
  const rejected: Rejection[] = [];
  const seen = new Set<string>();
  const way = giveWay();
  for (const { line, cells } of records) {
    if (way.isDue()) await way.give();
    const read = readLine(cells, uses);
    const reason = typeof read === 'string' ? read : seen.has(read.phone) ? 'REPEATED' : null;
    if (reason) rejected.push({ line, value: (cells[phoneAt] ?? '').slice(0, LONGEST_VALUE), reason });
    else if (typeof read !== 'string') {
      seen.add(read.phone);
      drafts.push({ line, ...read });
    }
  }
  return { drafts, rejected };
}
