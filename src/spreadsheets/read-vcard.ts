import { MAX_IMPORT_LINES } from '@koneksi/contracts/contact-import';
import { giveWay } from '../common/give-way.js';
import { decoded, encodingOf, type Encoding } from './domain/encoded-text.js';
import { tooLarge, type TableRecord } from './table.js';

/** One line of a card, as RFC 6350 and its forerunners have it: `item1.TEL;TYPE=CELL:0812…`. */
interface Property {
  name: string;
  params: string;
  value: string;
}

const HEADERS = ['Nama', 'Nomor HP', 'Label', 'Perusahaan', 'Email', 'Tanggal lahir', 'Catatan'];
/** Characters; no name or note is longer. */
const LONGEST_ENCODED = 20_000;
/** Characters of a property's name and parameters. */
const LONGEST_HEAD = 1_000;

export function isVCard(text: string): boolean {
  return /^\s*BEGIN:VCARD/i.test(text);
}

/** The people of an address book as phones export it (vCard 2.1, 3.0 and 4.0): one record each, under fixed headers. */
export async function readVCards(text: string): Promise<{ headers: string[]; records: TableRecord[] }> {
  const records: TableRecord[] = [];
  const way = giveWay();
  let line = 1;
  for (const card of text.replace(/\r\n?/g, '\n').split(/^(?=BEGIN:VCARD)/im)) {
    if (way.isDue()) await way.give();
    const lines = card.split('\n').length - 1;
    if (isVCard(card)) records.push({ line, cells: toCells(propertiesOf(card)) });
    if (records.length > MAX_IMPORT_LINES) throw tooLarge();
    line += lines;
  }
  const used = HEADERS.map((_, index) => index < 2 || records.some(({ cells }) => cells[index] !== ''));
  const keep = <T>(all: readonly T[]): T[] => all.filter((_, index) => used[index]);
  for (const record of records) record.cells = keep(record.cells);
  return { headers: keep(HEADERS), records };
}

function toCells(properties: readonly Property[]): string[] {
  const first = (name: string): string => properties.find((property) => property.name === name)?.value ?? '';
  const company = parts(first('ORG')).join(' ');
  const [family = '', given = '', additional = ''] = parts(first('N'));
  const composed = [given, additional, family].filter((part) => part !== '').join(' ');
  const name = unescaped(first('FN')) || composed || company;
  return [
    name,
    numbers(properties).join(' ::: '),
    unescaped(first('CATEGORIES')),
    company === name ? '' : company,
    unescaped(first('EMAIL')),
    first('BDAY'),
    unescaped(first('NOTE')),
  ].map((cell) => cell.trim());
}

/** WhatsApp's own first, then mobile ones, then the others in their order. */
function numbers(properties: readonly Property[]): string[] {
  const rank = ({ params }: Property): number => (/WAID/i.test(params) ? 0 : /CELL|MOBILE|PREF/i.test(params) ? 1 : 2);
  const told = properties.filter(({ name, value }) => name === 'TEL' && value.trim() !== '');
  return told
    .sort((a, b) => rank(a) - rank(b))
    .map(({ value }) => value.replace(/^tel:/i, '').split(/;ext=/i, 1)[0]!.trim());
}

function propertiesOf(card: string): Property[] {
  const properties: Property[] = [];
  const lines = card.split('\n');
  for (let at = 0; at < lines.length; at++) {
    const { head, rest, last } = readHead(lines, at);
    at = last;
    if (head === null) continue;
    const [name = '', ...params] = head.split(';');
    const options = params.join(';');
    const encoding = encodingOf(options);
    const pieces = [rest];
    for (; goesOn(pieces.at(-1)!, lines[at + 1], encoding); at++) {
      const next = lines[at + 1]!;
      // A soft end of line: the value goes on in the next as it stands.
      if (encoding === 'quoted-printable' && pieces.at(-1)!.endsWith('=')) {
        pieces.push(pieces.pop()!.slice(0, -1), next);
      } else pieces.push(isFolded(next) ? next.slice(1) : next);
    }
    const value = pieces.join('');
    properties.push({
      name: name.replace(/^[^.]*\./, '').toUpperCase(),
      params: options,
      // Pictures are of no use here.
      value: value.length > LONGEST_ENCODED ? '' : decoded(value, encoding, options),
    });
  }
  return properties;
}

const isFolded = (line: string | undefined): boolean => line !== undefined && /^[ \t]/.test(line);

function goesOn(last: string, next: string | undefined, encoding: Encoding): boolean {
  if (next === undefined) return false;
  if (encoding === 'quoted-printable' && last.endsWith('=')) return true;
  // vCard 2.1 may leave the blank in front out.
  return isFolded(next) || (encoding === 'base64' && /^[A-Za-z\d+/]+={0,2}$/.test(next));
}

/**
 * What stands before the colon behind the parameters, whose quoted values may hold some, and what behind it; both may be
 * folded. No head where no colon comes soon, and that property ends with its last line. Looks at each character once: a
 * card may be a million lines without a colon.
 */
function readHead(lines: readonly string[], from: number): { head: string | null; rest: string; last: number } {
  let [head, looked, quoted, last] = ['', 0, false, from];
  for (let piece = lines[from]!; ; piece = lines[++last]!.slice(1)) {
    for (let at = 0; at < piece.length && looked < LONGEST_HEAD; at++, looked++) {
      if (piece[at] === '"') quoted = !quoted;
      else if (piece[at] === ':' && !quoted)
        return { head: head + piece.slice(0, at), rest: piece.slice(at + 1), last };
    }
    if (looked < LONGEST_HEAD) head += piece;
    if (!isFolded(lines[last + 1])) return { head: null, rest: '', last };
  }
}

function parts(value: string): string[] {
  return value
    .replaceAll('\\;', '\u0001')
    .split(';')
    .map((part) => unescaped(part.replaceAll('\u0001', ';')).trim())
    .filter((part, index, all) => index < 3 && (part !== '' || all.length > 1));
}

function unescaped(value: string): string {
  return value.replace(/\\n/gi, '\n').replace(/\\([,;:\\])/g, '$1');
}
