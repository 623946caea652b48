import { MAX_IMPORT_CELL, MAX_IMPORT_COLUMNS, MAX_IMPORT_LINES } from '@koneksi/contracts/contact-import';
import { Parser } from 'htmlparser2';
import { giveWay } from '../common/give-way.js';
import { MergedCells, type Span } from './domain/merged-cells.js';
import { refused, tooLarge, type TableRecord } from './table.js';

/** Characters between two looks at the clock. */
const SLICE = 16_384;

/** Tills and web shops call a page `.xls`: HTML with a table, or Excel's own XML of 2003. */
export function isMarkup(text: string): boolean {
  const start = text.slice(0, 4_096).trimStart();
  return (
    start.startsWith('<') && /<(?:table|html|tr|body|head|meta|ss:workbook|workbook|\?mso)/i.test(text.slice(0, 65_536))
  );
}

/** Every row of every table in it, in their order. */
export async function readMarkup(text: string): Promise<TableRecord[]> {
  const records: TableRecord[] = [];
  const grid = new MergedCells();
  let isRow = false;
  let cell: string[] | null = null;
  let place = 0;
  let span: Span = { columns: 1, rows: 1 };
  let row = 0;
  const endCell = (): void => {
    if (!isRow || !cell) return;
    const value = cell
      .join('')
      .replace(/[^\S\n]+/g, ' ')
      .trim();
    if (value.length > MAX_IMPORT_CELL) throw refused('FILE_CELL_TOO_LONG');
    grid.add(value, span, place);
    cell = null;
    if (grid.width > MAX_IMPORT_COLUMNS) throw refused('FILE_TOO_MANY_COLUMNS');
  };
  const endRow = (): void => {
    endCell();
    const cells = isRow ? grid.endRow() : [];
    if (cells.length > 0) records.push({ line: row, cells });
    isRow = false;
    if (records.length > MAX_IMPORT_LINES + 1) throw tooLarge();
  };
  const isWorkbook = /<(?:ss:)?workbook/i.test(text.slice(0, 65_536));
  const ROW = isWorkbook ? /^(?:ss:)?row$/ : /^tr$/;
  const TABLE = /^(?:ss:)?table$/;
  const CELL = isWorkbook ? /^(?:ss:)?cell$/ : /^t[dh]$/;
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        if (ROW.test(name)) {
          endRow();
          row += 1;
          isRow = true;
        } else if (CELL.test(name) && isRow) {
          endCell();
          const told = Number(attributes['ss:index'] ?? attributes['index'] ?? 0);
          place = Math.min(told - 1, MAX_IMPORT_COLUMNS);
          span = spanOf(attributes);
          cell = [];
        } else if (name === 'br') cell?.push('\n');
      },
      ontext: (part) => cell?.push(isWorkbook ? part : part.replace(/\s+/g, ' ')),
      onclosetag: (name) => {
        if (CELL.test(name)) endCell();
        else if (ROW.test(name)) endRow();
        else if (TABLE.test(name)) grid.endTable();
      },
    },
    { decodeEntities: true, lowerCaseTags: true, lowerCaseAttributeNames: true, recognizeSelfClosing: isWorkbook },
  );
  const way = giveWay();
  for (let at = 0; at < text.length; at += SLICE) {
    parser.write(text.slice(at, at + SLICE));
    if (way.isDue()) await way.give();
  }
  parser.end();
  endRow();
  return records;
}

/** Of pages; of workbooks how many more columns and rows. */
function spanOf(attributes: Readonly<Record<string, string>>): Span {
  const many = (page: string, workbook: string): number => {
    const more = attributes[`ss:${workbook}`] ?? attributes[workbook];
    return more === undefined ? Number(attributes[page]) || 1 : Number(more) + 1 || 1;
  };
  return { columns: many('colspan', 'mergeacross'), rows: many('rowspan', 'mergedown') };
}
