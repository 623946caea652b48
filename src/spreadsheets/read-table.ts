import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportReading } from '@koneksi/contracts/contact-import';
import { guessDelimiter, type Delimiter } from './domain/delimiter.js';
import { decode } from './decode.js';
import { Zip } from './open-zip.js';
import { readCsv } from './read-csv.js';
import { isMarkup, readMarkup } from './read-markup.js';
import { isVCard, readVCards } from './read-vcard.js';
import { readXlsx } from './read-xlsx.js';
import { refused, type Table, type TableRecord } from './table.js';

/**
 * A file as what it is, whatever it is called: CSV, a workbook, a page with a table, an address book.
 * @throws `VALIDATION_FAILED` naming `file`, `IMPORT_TOO_LARGE`
 */
export async function readTable(bytes: Buffer, { delimiter, encoding }: ImportReading): Promise<Table> {
  if (bytes.subarray(0, 4).equals(Buffer.from('PK\x03\x04'))) return readWorkbook(bytes);
  const decoded = decode(bytes, encoding);
  if (!decoded) throw refused(isOldWorkbook(bytes) ? 'FILE_OLD_WORKBOOK' : 'FILE_NOT_CSV');
  const { text } = decoded;
  // What looks at a large file as a whole takes a turn each.
  await nextTurn();
  if (isVCard(text)) return { kind: 'VCARD', encoding: decoded.encoding, delimiter: null, ...(await readVCards(text)) };
  if (isMarkup(text)) {
    return { kind: 'HTML', encoding: decoded.encoding, delimiter: null, records: await readMarkup(text) };
  }
  const declared = /^sep=([;,\t|])(?:\r\n?|\n)/i.exec(text);
  const rest = declared ? text.slice(declared[0].length) : text;
  const divided = delimiter ?? (declared?.[1] as Delimiter | undefined) ?? guessDelimiter(rest);
  await nextTurn();
  const records = await readCsv(rest, divided, declared ? 2 : 1);
  const within = delimiter ? null : await linesInQuotes(records);
  return { kind: 'CSV', encoding: decoded.encoding, delimiter: divided, records, ...within };
}

/** `"Rina,""0812…"""`: a spreadsheet that took each line for one cell has put it in quotation marks once more. */
async function linesInQuotes(records: readonly TableRecord[]): Promise<Pick<Table, 'delimiter' | 'records'> | null> {
  if (records.some(({ cells }) => cells.length > 1 || cells[0]!.includes('\n'))) return null;
  const text = records.map(({ cells }) => cells[0]).join('\n');
  const delimiter = guessDelimiter(text);
  if (!text.includes(delimiter)) return null;
  const inner = await readCsv(text, delimiter, 1);
  return { delimiter, records: inner.map(({ line, cells }) => ({ line: records[line - 1]!.line, cells })) };
}

async function readWorkbook(bytes: Buffer): Promise<Table> {
  const zip = await Zip.open(bytes);
  if (!zip?.has('xl/workbook.xml')) throw refused('FILE_NOT_CSV');
  return { kind: 'XLSX', encoding: 'UTF-8', delimiter: null, ...(await readXlsx(zip)) };
}

/** Excel's files of before 2007, and workbooks with a password: OLE. */
function isOldWorkbook(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]));
}
