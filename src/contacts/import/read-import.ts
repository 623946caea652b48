import type {
  ColumnUse,
  ImportColumn,
  ImportDrop,
  ImportPreview,
  ImportReading,
  ImportReason,
} from '@koneksi/contracts/contact-import';
import { giveWay } from '../../common/give-way.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { bodyOf, columnAt, describe, LONGEST_VALUE, shown } from '../../spreadsheets/body.js';
import { readTable } from '../../spreadsheets/read-table.js';
import type { TableRecord } from '../../spreadsheets/table.js';
import { guessColumns } from '../domain/guess-columns.js';
import { birthdayFields, readLine, saysNoMessages, type ImportDraft } from '../domain/import-line.js';

export interface Rejection {
  line: number;
  value: string;
  reason: ImportReason;
}

/** A file as its columns are taken: each line a draft or a rejection. */
export interface ReadImport extends Pick<
  ImportPreview,
  'kind' | 'encoding' | 'delimiter' | 'headerLine' | 'linesAbove' | 'phoneColumn'
> {
  columns: ImportColumn[];
  /** With something in them, headers and what is above them aside. */
  lines: number;
  drafts: (ImportDraft & { line: number })[];
  rejected: Rejection[];
  /** Lines by what is left out of them. */
  dropped: Map<ImportDrop, number[]>;
}

/** What a person says of a file in place of our guesses. */
export interface Choice {
  columns: readonly ColumnUse[] | null;
  reading: ImportReading;
  /** The column of numbers alone: its header, or its place counted from 1. */
  phone?: string | undefined;
}

export const NO_CHOICE: Choice = { columns: null, reading: {} };

const LOOKED_AT = 50;

/**
 * Reads a file of contacts.
 * @throws `VALIDATION_FAILED` naming `file`, `headerLine`, `phone` or `columns`, `IMPORT_TOO_LARGE`
 */
export async function readImport(bytes: Buffer, choice: Choice): Promise<ReadImport> {
  const { records, headers: _, elsewhere, ...file } = await openImport(bytes, choice);
  const divided = await divide(records, file.columns);
  noteSheets(divided.dropped, elsewhere);
  return { ...file, ...divided };
}

/** A file whose lines are not judged yet. */
interface OpenImport extends Omit<ReadImport, 'drafts' | 'rejected' | 'dropped'> {
  headers: readonly string[] | null;
  records: readonly TableRecord[];
  /** Lines of other sheets that hold numbers too. */
  elsewhere: readonly number[];
}

/** Finds out what its columns are taken for. @throws as {@link readImport} does */
export async function openImport(bytes: Buffer, choice: Choice): Promise<OpenImport> {
  const table = await readTable(bytes, choice.reading);
  const { headers, headerLine, linesAbove, records } = bodyOf(table, choice.reading.headerLine);
  const { columns, phoneColumn } = describeColumns(headers, records, choice);
  return {
    headers,
    records,
    elsewhere: table.elsewhere ?? [],
    kind: table.kind,
    encoding: table.encoding,
    delimiter: table.delimiter,
    headerLine,
    linesAbove,
    phoneColumn,
    columns,
    lines: records.length,
  };
}

function describeColumns(
  headers: string[] | null,
  records: readonly TableRecord[],
  choice: Choice,
): Pick<ReadImport, 'columns' | 'phoneColumn'> {
  const looked = records.slice(0, LOOKED_AT).map(({ cells }) => shown(cells));
  const width = Math.max(headers?.length ?? 0, 0, ...looked.map((cells) => cells.length));
  const guess = guessColumns(headers, looked, width);
  const uses = choice.columns ?? (choice.phone ? withPhone(guess.uses, headers, choice.phone) : guess.uses);
  if (uses.length !== width) throw new ValidationFailed([fieldProblem('columns', 'COLUMNS_DIFFER')]);
  return {
    phoneColumn: { sure: guess.phone.sure, candidates: guess.phone.candidates },
    columns: uses.map((as, index) => ({ ...describe(headers, looked, index), as })),
  };
}

function withPhone(uses: readonly ColumnUse[], headers: readonly string[] | null, phone: string): ColumnUse[] {
  const at = columnAt(headers, phone, uses.length);
  if (at === null) throw new ValidationFailed([fieldProblem('phone', 'COLUMN_UNKNOWN')]);
  return uses.map((as, index): ColumnUse => {
    if (index === at) return { use: 'phone' };
    return as.use === 'phone' || as.use === 'phone-else' ? { use: 'ignore' } : as;
  });
}

/**
 * Each line a draft or a rejection; of two with one number the first. Whoever is in a row that the spreadsheet hides was
 * filtered out, and is left out and told of; but that they want no messages counts wherever it stands, and is told of where
 * it cannot be used. Of many such shares one way is given.
 */
export async function divide(
  records: readonly TableRecord[],
  columns: readonly ImportColumn[],
  way = giveWay(),
): Promise<Pick<ReadImport, 'drafts' | 'rejected' | 'dropped'>> {
  const uses = columns.map(({ as }) => as);
  const birthdays = birthdayFields(uses);
  const phoneAt = uses.findIndex(({ use }) => use === 'phone');
  const dropped: ReadImport['dropped'] = new Map();
  // Until a person says where the numbers are, no line can be judged.
  if (phoneAt < 0) return { drafts: [], rejected: [], dropped };
  const drafts = new Map<string, ImportDraft & { line: number }>();
  const rejected: Rejection[] = [];
  for (const { line, cells, isHidden } of records) {
    if (way.isDue()) await way.give();
    if (isHidden && !saysNoMessages(cells, uses)) {
      noteDrop(dropped, 'ROW_HIDDEN', line);
      continue;
    }
    const read = readLine(cells, uses, birthdays);
    const before = 'draft' in read ? drafts.get(read.draft.phone) : undefined;
    // A number named twice is one customer; that they want no messages counts wherever it stands.
    if (before && 'draft' in read) before.optedOut ||= read.draft.optedOut;
    const reason = 'reason' in read ? read.reason : before ? 'REPEATED' : null;
    if (reason) rejected.push({ line, value: (cells[phoneAt] ?? '').slice(0, LONGEST_VALUE), reason });
    if (reason || 'reason' in read) continue;
    drafts.set(read.draft.phone, { line, ...read.draft });
    for (const drop of read.drops) noteDrop(dropped, drop, line);
  }
  return { drafts: [...drafts.values()], rejected, dropped };
}

/** Of a workbook one sheet is read. */
export function noteSheets(dropped: ReadImport['dropped'], elsewhere: readonly number[]): void {
  if (elsewhere.length > 0) dropped.set('OTHER_SHEET', [...elsewhere]);
}

export function noteDrop(dropped: ReadImport['dropped'], drop: ImportDrop, line: number): void {
  const lines = dropped.get(drop);
  if (lines) lines.push(line);
  else dropped.set(drop, [line]);
}
