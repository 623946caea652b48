import { MAX_IMPORT_CELL, MAX_IMPORT_COLUMNS, MAX_IMPORT_LINES } from '@koneksi/contracts/contact-import';
import type { Handler } from 'htmlparser2';
import { giveWay } from '../common/give-way.js';
import { readPhone } from './domain/import-phone.js';
import { columnNamed, rowsMerged } from './domain/merged-cells.js';
import type { Zip } from './open-zip.js';
import { shallowParser } from './shallow-parser.js';
import { refused, tooLarge, type TableRecord } from './table.js';

/** Formats of ECMA-376, part 1, 18.8.30 that show a number as a day. */
const DAY_FORMATS = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 57]);
/** Sheets that are looked into for numbers: the first is sometimes a page of instructions. */
const SHEETS = 5;
/** Tags within tags of a part; those of Excel are a tenth of that. */
const DEEPEST_TAGS = 100;
/** Day 0 of spreadsheets, in days before the epoch. */
const DAY_ZERO = 25_569;
/** Workbooks made on a Mac count from 1904. */
const DAYS_TO_1904 = 1_462;

interface Workbook {
  strings: string[];
  /** Whether the style of this index shows days. */
  days: boolean[];
  dayZero: number;
}

/**
 * The first visible sheet of a workbook that holds numbers to write to, or the first of all; and which lines of the next
 * ones hold some as well.
 */
export async function readXlsx(zip: Zip): Promise<{ records: TableRecord[]; elsewhere: number[] }> {
  const { sheets, dayZero } = await sheetsOf(zip);
  const book: Workbook = { strings: await sharedStrings(zip), days: await dayStyles(zip), dayZero };
  let first: TableRecord[] = [];
  let found: TableRecord[] | null = null;
  const elsewhere: number[] = [];
  const way = giveWay();
  for (const sheet of sheets.slice(0, SHEETS)) {
    const records = await readSheet(zip, sheet, book);
    if (!found && records.slice(0, 60).some(hasNumber)) found = records;
    else if (!found && first.length === 0) first = records;
    else if (found)
      for (const record of records) {
        if (way.isDue()) await way.give();
        if (hasNumber(record)) elsewhere.push(record.line);
      }
  }
  return { records: found ?? first, elsewhere };
}

const hasNumber = ({ cells }: TableRecord): boolean => cells.some((cell) => 'phone' in readPhone(cell));

async function sheetsOf(zip: Zip): Promise<{ sheets: string[]; dayZero: number }> {
  const targets = new Map<string, string>();
  await parse(zip, 'xl/_rels/workbook.xml.rels', {
    onopentag: (name, { Id, Target }) => {
      if (name === 'Relationship' && Id && Target) targets.set(Id, Target.replace(/^\/?(?:xl\/)?/, 'xl/'));
    },
  });
  const sheets: string[] = [];
  let dayZero = DAY_ZERO;
  await parse(zip, 'xl/workbook.xml', {
    onopentag: (name, attributes) => {
      if (local(name) === 'workbookPr' && /^(?:1|true)$/.test(attributes.date1904 ?? '')) dayZero -= DAYS_TO_1904;
      const target = targets.get(attributes['r:id'] ?? '');
      if (local(name) === 'sheet' && target && !/hidden/i.test(attributes.state ?? '')) sheets.push(target);
    },
  });
  return { sheets, dayZero };
}

async function sharedStrings(zip: Zip): Promise<string[]> {
  const strings: string[] = [];
  let parts: string[] = [];
  let reads = false;
  let phonetic = false;
  await parse(zip, 'xl/sharedStrings.xml', {
    onopentag: (name) => {
      if (local(name) === 'si') parts = [];
      else if (local(name) === 'rPh') phonetic = true;
      reads = local(name) === 't' && !phonetic;
    },
    ontext: (text) => {
      if (reads) parts.push(text);
    },
    onclosetag: (name) => {
      reads = false;
      if (local(name) === 'rPh') phonetic = false;
      if (local(name) === 'si') strings.push(unescaped(parts.join('')));
    },
  });
  return strings;
}

async function dayStyles(zip: Zip): Promise<boolean[]> {
  const own = new Map<number, boolean>();
  const days: boolean[] = [];
  let within = false;
  await parse(zip, 'xl/styles.xml', {
    onopentag: (name, { numFmtId, formatCode }) => {
      if (local(name) === 'numFmt') own.set(Number(numFmtId), saysDay(formatCode ?? ''));
      else if (local(name) === 'cellXfs') within = true;
      else if (local(name) === 'xf' && within) {
        days.push(own.get(Number(numFmtId)) ?? DAY_FORMATS.has(Number(numFmtId)));
      }
    },
    onclosetag: (name) => {
      if (local(name) === 'cellXfs') within = false;
    },
  });
  return days;
}

/** Once for each format: any number of styles may be of one, however long it is. */
function saysDay(format: string): boolean {
  return /d|y/i.test(format.replace(/"[^"]*"|\[[^[\]]*\]|\\./g, ''));
}

async function readSheet(zip: Zip, sheet: string, book: Workbook): Promise<TableRecord[]> {
  const records: TableRecord[] = [];
  const merged: string[] = [];
  let line = 0;
  let isHidden = false;
  let cells: string[] = [];
  let at = 0;
  let type = '';
  let style = 0;
  let value: string[] = [];
  let reads = false;
  await parse(zip, sheet, {
    onopentag: (name, attributes) => {
      const tag = local(name);
      if (tag === 'row') {
        line = Number(attributes.r ?? line + 1);
        isHidden = isHiddenRow(attributes);
        cells = [];
        at = -1;
      } else if (tag === 'c') {
        at = columnOf(attributes.r) ?? at + 1;
        if (at >= MAX_IMPORT_COLUMNS) at = MAX_IMPORT_COLUMNS;
        type = attributes.t ?? 'n';
        style = Number(attributes.s ?? 0);
        value = [];
      } else if (tag === 'v' || tag === 't') reads = true;
      else if (tag === 'mergeCell') merged.push(attributes.ref ?? '');
    },
    ontext: (text) => {
      if (reads) value.push(text);
    },
    onclosetag: (name) => {
      const tag = local(name);
      if (tag === 'v' || tag === 't') reads = false;
      else if (tag === 'c' && value.length > 0) {
        const text = shown(value.join(''), type, style, book).trim();
        if (text !== '' && at >= MAX_IMPORT_COLUMNS) throw refused('FILE_TOO_MANY_COLUMNS');
        if (text.length > MAX_IMPORT_CELL) throw refused('FILE_CELL_TOO_LONG');
        while (cells.length < at) cells.push('');
        cells[at] = text;
      } else if (tag === 'row' && cells.some((cell) => cell !== '')) {
        records.push({ line, cells, ...(isHidden && { isHidden }) });
        if (records.length > MAX_IMPORT_LINES + 1) throw tooLarge();
      }
    },
  });
  reachDown(records, merged);
  return records;
}

/** Filters hide rows, people fold them away, or make them no height. */
function isHiddenRow({ hidden, ht, customHeight }: Readonly<Record<string, string>>): boolean {
  const isTrue = (flag: string | undefined): boolean => flag === '1' || flag === 'true';
  return isTrue(hidden) || (isTrue(customHeight) && Number(ht ?? 1) === 0);
}

/** A cell over several rows, such as an outlet beside its customers, counts in each. No sheet merges a cell twice. */
function reachDown(records: readonly TableRecord[], merged: readonly string[]): void {
  const indices = new Map(records.map(({ line }, index) => [line, index]));
  let left = MAX_IMPORT_LINES;
  for (const reference of merged) {
    const span = rowsMerged(reference);
    const first = span ? indices.get(span.from) : undefined;
    if (!span || first === undefined) continue;
    const value = records[first]!.cells[span.column] ?? '';
    for (let at = first + 1; value !== '' && left > 0 && (records[at]?.line ?? Infinity) <= span.to; at++, left--) {
      const { cells } = records[at]!;
      while (cells.length < span.column) cells.push('');
      if (!cells[span.column]) cells[span.column] = value;
    }
  }
}

/** What a person sees in the cell, but for a number, of which every digit is told. */
function shown(raw: string, type: string, style: number, { strings, days, dayZero }: Workbook): string {
  if (type === 's') return strings[Number(raw)] ?? '';
  if (type === 'b') return raw === '1' ? 'TRUE' : 'FALSE';
  if (type !== 'n' || !Number.isFinite(Number(raw))) return unescaped(raw);
  const number = Number(raw);
  if (days[style] && number > 0 && number < 2_958_466)
    return new Date(Math.floor(number - dayZero) * 86_400_000).toISOString().slice(0, 10);
  return Number.isSafeInteger(number) ? String(number) : raw;
}

/** `_x000D_`: how workbooks write what XML cannot. */
function unescaped(text: string): string {
  return text.replace(/_x([\dA-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** `AB12` is column 27, counted from 0. */
function columnOf(reference: string | undefined): number | null {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0];
  return letters ? columnNamed(letters) : null;
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

async function parse(zip: Zip, part: string, handler: Partial<Handler>): Promise<void> {
  const parser = shallowParser(handler, { xmlMode: true, decodeEntities: true }, DEEPEST_TAGS);
  const way = giveWay();
  for await (const piece of zip.text(part)) {
    parser.write(piece);
    if (way.isDue()) await way.give();
  }
  parser.end();
}
