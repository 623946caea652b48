import { MAX_FIELDS } from '@koneksi/contracts/contacts';
import { fieldNameOf } from '@koneksi/contracts/field-name';
import type { ColumnUse } from '@koneksi/contracts/contact-import';
import { readPhone } from './import-phone.js';

/** How surely a header means the number, without blanks and signs, in lower case. */
const PHONE_HEADERS: readonly [rank: number, headers: RegExp][] = [
  [3, /^(no|nomor|nomer|number)?(wa|whatsapp)(no|nomor|number|pelanggan|customer)?$/],
  [2, /^(no|nomor|nomer)?(hp|handphone|ponsel|telp|tlp|telpon|telepon|tel|seluler|selular)(pelanggan|customer|1)?$/],
  [2, /^(customer|contact)?(phone|mobile|cell|telephone)(phone)?(no|number|1value|1)?$|^msisdn$|^nomorkontak$/],
  [1, /^(no|nomor|nomer|number|kontak|contact)$/],
];
const NAME_HEADER =
  /^(nama|name)(lengkap|pelanggan|customer|konsumen|kontak|member|panggilan|toko|depan)?$|^(full|first|display|customer|contact|member)name$|^(pelanggan|customer|konsumen)$/;
/** Columns that number the lines. */
const COUNTING_HEADER = /^(no|nomor|nomer|nourut|urut|number)$/;
const TAGS_HEADER = /^(tag|tags|label|labels|kategori|category|grup|group|groups|segmen|segment|kelompok)$/;

/** What each column is taken for, from its header and its first values. */
export function guessColumns(
  headers: readonly string[] | null,
  samples: readonly string[][],
  width: number,
): ColumnUse[] {
  const indices = Array.from({ length: width }, (_, index) => index);
  const plain = indices.map((index) => (headers?.[index] ?? '').toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
  const valuesOf = (index: number): string[] => samples.map((row) => row[index] ?? '').filter((cell) => cell !== '');
  const phone = best(indices, (index) => phoneScore(plain[index]!, valuesOf(index)));
  const others = indices.filter((index) => index !== phone);
  const name =
    others.find((index) => NAME_HEADER.test(plain[index]!)) ??
    (headers ? undefined : others.find((index) => valuesOf(index).some((cell) => /\p{L}{2}/u.test(cell))));
  const tags = others.find((index) => index !== name && TAGS_HEADER.test(plain[index]!));
  const taken = new Set<string>();
  return indices.map((index): ColumnUse => {
    if (index === phone) return { use: 'phone' };
    if (index === name) return { use: 'name' };
    if (index === tags) return { use: 'tags' };
    if (COUNTING_HEADER.test(plain[index]!)) return { use: 'ignore' };
    const field = fieldNameOf(headers?.[index] ?? '');
    if (!field || taken.has(field) || taken.size >= MAX_FIELDS) return { use: 'ignore' };
    taken.add(field);
    return { use: 'field', field };
  });
}

/** A line is one of headers where nothing in it reads as a number to write to, or tries to be one. */
export function isHeader(record: readonly string[]): boolean {
  return !record.some((cell) => {
    const read = readPhone(cell);
    return 'phone' in read || read.reason === 'PHONE_SHORTENED' || /\d{5}/.test(cell);
  });
}

function phoneScore(header: string, values: readonly string[]): number {
  const rank = PHONE_HEADERS.find(([, headers]) => headers.test(header))?.[0] ?? 0;
  const readable = values.filter((value) => {
    const read = readPhone(value);
    return 'phone' in read || read.reason === 'PHONE_SHORTENED' || read.reason === 'SEVERAL_PHONES';
  });
  const share = values.length === 0 ? 0 : readable.length / values.length;
  // `No` over 1, 2, 3 … counts lines; a number column of whatever name holds numbers.
  if (rank <= 1 && share < 0.5) return 0;
  return rank + 4 * share;
}

function best(indices: readonly number[], score: (index: number) => number): number | undefined {
  const scored = indices.map((index) => ({ index, score: score(index) })).filter(({ score }) => score > 0);
  return scored.sort((a, b) => b.score - a.score || a.index - b.index)[0]?.index;
}
