import { MAX_IMPORT_CELL, MAX_IMPORT_COLUMNS, MAX_IMPORT_LINES } from '@koneksi/contracts/contact-import';
import { giveWay } from '../common/give-way.js';
import { MergedCells, type Span } from './domain/merged-cells.js';
import { shallowParser } from './shallow-parser.js';
import { refused, tooLarge, type TableRecord } from './table.js';

/** Characters between two looks at the clock. */
const SLICE = 16_384;
/** Tables within cells of tables; what a page lays out with more is none of a till. */
const DEEPEST = 10;
/** Tags within tags, those that a page never closes among them. */
const DEEPEST_TAGS = 1_000;

/** Tills and web shops call a page `.xls`: HTML with a table, or Excel's own XML of 2003. */
export function isMarkup(text: string): boolean {
  const start = text.slice(0, 4_096).trimStart();
  return (
    start.startsWith('<') && /<(?:table|html|tr|body|head|meta|ss:workbook|workbook|\?mso)/i.test(text.slice(0, 65_536))
  );
}

/** A table within whose cell we may be, and the cell. */
interface OpenTable {
  grid: MergedCells;
  /** Of one that stands in a cell of another: kept until it is known whether it is a part of that cell. */
  rows: TableRecord[];
  row: { line: number; isHidden: boolean } | null;
  cell: string[] | null;
  place: number;
  span: Span;
}

const openTable = (): OpenTable => ({
  grid: new MergedCells(),
  rows: [],
  row: null,
  cell: null,
  place: 0,
  span: { columns: 1, rows: 1 },
});

/**
 * Every row of every table in it, in their order. A table in a cell is what stands in that cell where it has one row or
 * one column, and a table by itself where it has more: then the outer one only lays the page out.
 */
export async function readMarkup(text: string): Promise<TableRecord[]> {
  const records: TableRecord[] = [];
  const outer: OpenTable[] = [];
  let table = openTable();
  let line = 0;
  let rows = 0;
  const endCell = (): void => {
    const { row, cell, grid, span, place } = table;
    if (!row || !cell) return;
    const value = cell
      .join('')
      .replace(/[^\S\n]+/g, ' ')
      .trim();
    if (value.length > MAX_IMPORT_CELL) throw refused('FILE_CELL_TOO_LONG');
    grid.add(value, span, place);
    table.cell = null;
    if (grid.width > MAX_IMPORT_COLUMNS) throw refused('FILE_TOO_MANY_COLUMNS');
  };
  const endRow = (): void => {
    endCell();
    const { row, grid } = table;
    const cells = row ? grid.endRow() : [];
    const record = row && { line: row.line, cells, ...(row.isHidden && { isHidden: true }) };
    if (record && cells.length > 0) (outer.length > 0 ? table.rows : records).push(record);
    if (record && cells.length > 0) rows += 1;
    table.row = null;
    if (rows > MAX_IMPORT_LINES + 1) throw tooLarge();
  };
  const endTable = (): void => {
    endRow();
    table.grid.endTable();
    const around = outer.pop();
    if (!around) return;
    const { rows: inner } = table;
    if (inner.length > 1 && inner.some(({ cells }) => cells.length > 1)) {
      for (const record of inner) (outer.length > 0 ? around.rows : records).push(record);
    } else around.cell?.push(' ', inner.map(({ cells }) => cells.join(' ')).join('\n'), ' ');
    table = around;
  };
  const isWorkbook = /<(?:ss:)?workbook/i.test(text.slice(0, 65_536));
  const ROW = isWorkbook ? /^(?:ss:)?row$/ : /^tr$/;
  const TABLE = /^(?:ss:)?table$/;
  const CELL = isWorkbook ? /^(?:ss:)?cell$/ : /^t[dh]$/;
  const parser = shallowParser(
    {
      onopentag: (name, attributes) => {
        if (TABLE.test(name) && table.cell) {
          if (outer.push(table) > DEEPEST) throw refused('FILE_NOT_CSV');
          table = openTable();
        } else if (ROW.test(name)) {
          endRow();
          line += 1;
          table.row = { line, isHidden: isHiddenRow(attributes) };
        } else if (CELL.test(name) && table.row) {
          endCell();
          const told = Number(attributes['ss:index'] ?? attributes['index'] ?? 0);
          table.place = Math.min(told - 1, MAX_IMPORT_COLUMNS);
          table.span = spanOf(attributes);
          table.cell = [];
        } else if (name === 'br') table.cell?.push('\n');
      },
      ontext: (part) => table.cell?.push(isWorkbook ? part : part.replace(/\s+/g, ' ')),
      onclosetag: (name) => {
        if (CELL.test(name)) endCell();
        else if (ROW.test(name)) endRow();
        else if (TABLE.test(name)) endTable();
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: isWorkbook },
    DEEPEST_TAGS,
  );
  const way = giveWay();
  for (let at = 0; at < text.length; at += SLICE) {
    parser.write(text.slice(at, at + SLICE));
    if (way.isDue()) await way.give();
  }
  parser.end();
  while (outer.length > 0) endTable();
  endRow();
  return records.sort((a, b) => a.line - b.line);
}

/** Excel writes rows that a filter hides as such, in pages and in its XML. */
function isHiddenRow(attributes: Readonly<Record<string, string>>): boolean {
  if ('ss:hidden' in attributes) return attributes['ss:hidden'] === '1';
  const { hidden, style } = attributes;
  return (hidden !== undefined && hidden !== '0') || /display\s{0,9}:\s{0,9}none/i.test(style ?? '');
}

/** Of pages; of workbooks how many more columns and rows. */
function spanOf(attributes: Readonly<Record<string, string>>): Span {
  const many = (page: string, workbook: string): number => {
    const more = attributes[`ss:${workbook}`] ?? attributes[workbook];
    return more === undefined ? Number(attributes[page]) || 1 : Number(more) + 1 || 1;
  };
  return { columns: many('colspan', 'mergeacross'), rows: many('rowspan', 'mergedown') };
}
