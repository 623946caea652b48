import {
  MAX_IMPORT_OUTLETS,
  OUTLET_FIELDS,
  type OutletField,
  type OutletImportColumn,
  type OutletImportQuery,
  type OutletImportReason,
  type OutletImportResult,
} from '@koneksi/contracts/outlet-import';
import { giveWay } from '../../common/give-way.js';
import { fieldProblem, ValidationFailed } from '../../common/validation-failed.js';
import { bodyOf, columnAt, describe, LONGEST_VALUE, shown } from '../../spreadsheets/body.js';
import { readTable } from '../../spreadsheets/read-table.js';
import { refused } from '../../spreadsheets/table.js';
import { guessOutletColumns } from '../domain/outlet-columns.js';
import { readOutletLine, type OutletDraft } from '../domain/outlet-line.js';

/** Who mends a line in a file sees as much of it. */
const LONGEST_CELL = 500;
const LOOKED_AT = 50;

export interface FileLine {
  line: number;
  value: string;
  cells: Partial<Record<OutletField, string>>;
}

export interface ReadOutlets extends Pick<
  OutletImportResult,
  'kind' | 'encoding' | 'delimiter' | 'headerLine' | 'linesAbove' | 'numberCandidates'
> {
  columns: OutletImportColumn[];
  lines: number;
  drafts: (FileLine & { draft: OutletDraft })[];
  rejected: (FileLine & { reason: OutletImportReason })[];
}

/**
 * Reads a file of outlets as `said`, and guesses what is not said.
 * @throws `VALIDATION_FAILED` naming `file`, `headerLine` or the field whose column there is not, `IMPORT_TOO_LARGE`
 */
export async function readOutlets(bytes: Buffer, said: Omit<OutletImportQuery, 'look'>): Promise<ReadOutlets> {
  const { delimiter, encoding, headerLine: chosen } = said;
  const table = await readTable(bytes, { delimiter, encoding });
  const { headers, headerLine, linesAbove, records } = bodyOf(table, chosen);
  if (records.length > MAX_IMPORT_OUTLETS) throw refused('FILE_TOO_MANY_OUTLETS');
  const looked = records.slice(0, LOOKED_AT).map(({ cells }) => shown(cells));
  const width = Math.max(headers?.length ?? 0, 0, ...looked.map((cells) => cells.length));
  const guess = guessOutletColumns(headers, looked, width);
  const uses = asSaid(guess.uses, headers, said);
  const read: ReadOutlets = {
    kind: table.kind,
    encoding: table.encoding,
    delimiter: table.delimiter,
    headerLine,
    linesAbove,
    numberCandidates: guess.number.candidates,
    columns: uses.map((as, index) => ({ ...describe(headers, looked, index), as })),
    lines: records.length,
    drafts: [],
    rejected: [],
  };
  // Until a person says where the numbers are, no line can be judged.
  if (!uses.includes('number')) return read;
  const way = giveWay();
  for (const { line, cells: all, isHidden } of records) {
    if (way.isDue()) await way.give();
    const cells: FileLine['cells'] = {};
    for (const [index, field] of uses.entries()) if (field) cells[field] = all[index] ?? '';
    const judged = readOutletLine(cells);
    const cut = Object.fromEntries(Object.entries(cells).map(([field, cell]) => [field, cell.slice(0, LONGEST_CELL)]));
    const fileLine = { line, value: (cells.number ?? '').slice(0, LONGEST_VALUE), cells: cut };
    if (isHidden) read.rejected.push({ ...fileLine, reason: 'ROW_HIDDEN' });
    else if ('draft' in judged) read.drafts.push({ ...fileLine, draft: judged.draft });
    else read.rejected.push({ ...fileLine, reason: judged.reason });
  }
  return read;
}

/** A column that is named for one thing is no other any more. */
function asSaid(
  guessed: readonly (OutletField | null)[],
  headers: readonly string[] | null,
  said: Omit<OutletImportQuery, 'look'>,
): (OutletField | null)[] {
  const uses = [...guessed];
  const named: number[] = [];
  for (const field of OUTLET_FIELDS) {
    const column = said[field];
    if (column === undefined) continue;
    for (const [index, use] of uses.entries()) if (use === field) uses[index] = null;
    if (column === '0') continue;
    const at = columnAt(headers, column, uses.length);
    if (at === null) throw new ValidationFailed([fieldProblem(field, 'COLUMN_UNKNOWN')]);
    if (named.includes(at)) throw new ValidationFailed([fieldProblem(field, 'COLUMN_TWICE')]);
    named.push(at);
    uses[at] = field;
  }
  return uses;
}
