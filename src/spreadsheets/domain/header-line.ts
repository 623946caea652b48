import { isHeaderWord, phoneRank } from './header-words.js';
import { readPhone } from './import-phone.js';

/** Where the customers begin, and what stands above their columns. */
export interface HeaderLine {
  /** Which record holds the headers; `null` where none does. */
  header: number | null;
  /** The first record of a customer. */
  first: number;
}

/** Reports have their titles, and `Outlet: Bandung`, above the table; no more lines than these are looked through. */
const LOOKED_THROUGH = 30;
const LOOKED_BELOW = 30;

/**
 * The line that names a column of numbers best and has numbers below it; of two that do, the one nearer to them. Where no
 * line names one, the line above the first number, if its words are those of headers: else a customer whose number
 * cannot be read would become one.
 */
export function findHeader(records: readonly (readonly string[])[]): HeaderLine {
  const width = Math.max(...records.slice(0, LOOKED_THROUGH + LOOKED_BELOW).map(filled));
  let best: number | null = null;
  let bestScore = 0;
  let numbers = 0;
  for (const [index, record] of records.slice(0, LOOKED_THROUGH).entries()) {
    const hasNumber = record.some(isNumber);
    if (hasNumber && best !== null) numbers += 1;
    if (filled(record) < Math.min(width, 2) || hasNumber) continue;
    // Reports name their columns again for each page or group: whoever stands above is a customer all the same.
    if (best !== null && (numbers > 1 || isSame(record, records[best]!))) continue;
    const score = scoreOf(record, records.slice(index + 1, index + 1 + LOOKED_BELOW));
    if (score > bestScore) [best, bestScore] = [index, score];
  }
  return best === null ? aboveNumbers(records, width) : { header: best, first: best + 1 };
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((cell, at) => cell === other[at]);

/** Headers of two lines are read as one: what the lower leaves empty, the upper says. */
export function headersAt(records: readonly (readonly string[])[], header: number): string[] {
  const above = records[header - 1];
  const isSecond = above !== undefined && filled(above) > 1 && !above.some((cell) => /\d{3}/.test(cell));
  return records[header]!.map((cell, at) => (cell === '' && isSecond ? (above[at] ?? '') : cell));
}

function scoreOf(record: readonly string[], below: readonly (readonly string[])[]): number {
  const known = record.filter(isHeaderWord).length;
  const scores = record.map((cell, column) => {
    const rank = phoneRank(cell);
    const values = below.map((cells) => cells[column] ?? '').filter((value) => value !== '');
    const share = values.length === 0 ? 0 : values.filter(isNumber).length / values.length;
    // `No` over 1, 2, 3 … counts lines, and `Kontak: Pak Budi` is no column.
    return rank === 0 || (rank === 1 && share < 0.5) ? 0 : rank + 4 * share;
  });
  const best = Math.max(...scores);
  return best > 0 ? best + known / 100 : 0;
}

function aboveNumbers(records: readonly (readonly string[])[], width: number): HeaderLine {
  const looked = records.slice(0, LOOKED_THROUGH);
  const first = looked.findIndex((record) => record.some(isNumber));
  if (first < 0) return isHeader(records[0] ?? []) ? { header: 0, first: 1 } : { header: null, first: 0 };
  const isTable = (record: readonly string[]): boolean => filled(record) >= Math.min(width, 2);
  for (let index = first - 1; index >= 0; index--) {
    if (isTable(records[index]!) && records[index]!.some(isHeaderWord)) return { header: index, first: index + 1 };
  }
  const start = looked.findIndex(isTable);
  return { header: null, first: Math.min(start < 0 ? 0 : start, first) };
}

/** Where nothing reads as a number: a line of headers holds no digits to speak of. */
function isHeader(record: readonly string[]): boolean {
  return !record.some((cell) => isNumber(cell) || /\d{5}/.test(cell));
}

function isNumber(cell: string): boolean {
  const read = readPhone(cell.split(' ::: ')[0]!);
  return 'phone' in read || /^(?:PHONE_(?:SHORTENED|MASKED|LANDLINE)|SEVERAL_PHONES)$/.test(read.reason);
}

function filled(record: readonly string[]): number {
  return record.filter((cell) => cell !== '').length;
}
