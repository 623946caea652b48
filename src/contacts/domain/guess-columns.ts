import { readCountry } from '@koneksi/contracts/country-cell';
import { MAX_FIELDS } from '@koneksi/contracts/contacts';
import { fieldNameOf } from '@koneksi/contracts/field-name';
import type { ColumnUse } from '@koneksi/contracts/contact-import';
import { guessConsent } from './consent-cell.js';
import { googlePhone, headerWords, plainHeader } from '../../spreadsheets/domain/header-words.js';
import { guessPhone, type PhoneGuess } from '../../spreadsheets/domain/guess-phone.js';

const NAME_HEADER =
  /^(?:nama|name)(?:lengkap|pelanggan|customer|konsumen|kontak|contact|member|panggilan|toko|penerima|pembeli|pemesan)?$|^(?:full|display|customer|contact|member|buyer|recipient|client|guest)name$|^(?:pelanggan|customer|konsumen|pembeli|penerima|buyer|recipient)$/;
/** Address books keep the parts of a name apart. */
const NAME_PARTS = /^(?:first|given|middle|additional|last|family|sur)name$|^nama(?:depan|tengah|belakang|keluarga)$/;
const COMPANY_HEADER = /^(?:organizationname|organization1name|company|companyname|perusahaan|namaperusahaan)$/;
/** Columns that number the lines, and what address books say about their own columns. */
const COUNTING_HEADER = /^(?:no|nomor|nomer|nourut|nomorurut|urut|number)$/;
const ABOUT_COLUMNS =
  /^(?:phone|e-mail|address|website|event|relation|custom field) \d+ - (?:label|type)$|^phonetic |^photo$/i;
const TAGS_HEADER =
  /^(?:tag|tags|label|labels|kategori|category|categories|grup|group|groups|groupmembership|segmen|segment|kelompok)$/;
const COUNTRY_HEADER =
  /^(?:countrycode|kodenegara(?:telepon|hp)?|country|negara|dial(?:ing)?code|callingcode|phonecountry(?:code)?|phonecode|countrycallingcode)$/;

export interface ColumnGuess {
  uses: ColumnUse[];
  phone: PhoneGuess;
}

/** What each column is taken for, from its header and its first values. */
export function guessColumns(
  headers: readonly string[] | null,
  samples: readonly string[][],
  width: number,
): ColumnGuess {
  const indices = Array.from({ length: width }, (_, index) => index);
  const plain = indices.map((index) => plainHeader(headers?.[index] ?? ''));
  const valuesOf = (index: number): string[] => samples.map((row) => row[index] ?? '').filter((cell) => cell !== '');
  const phone = guessPhone(headers, valuesOf, width);
  const uses = new Map<number, ColumnUse>();
  if (phone.column !== null) uses.set(phone.column, { use: 'phone' });
  for (const index of phone.others) uses.set(index, { use: 'phone-else' });
  const free = (): number[] => indices.filter((index) => !uses.has(index) && !phone.candidates.includes(index));
  for (const index of namesAmong(free(), plain, headers, valuesOf)) uses.set(index, { use: 'name' });
  for (const index of free()) {
    const use = specialUse(headers?.[index] ?? '', plain[index]!, valuesOf(index), [...uses.values()]);
    if (use) uses.set(index, use);
  }
  const taken = new Set<string>();
  return {
    phone,
    uses: indices.map((index): ColumnUse => {
      const known = uses.get(index);
      if (known) return known;
      const header = headers?.[index] ?? '';
      if (COUNTING_HEADER.test(plain[index]!) || ABOUT_COLUMNS.test(header.trim())) return { use: 'ignore' };
      const field = fieldNameOf(header);
      if (!field || taken.has(field) || taken.size >= MAX_FIELDS) return { use: 'ignore' };
      taken.add(field);
      return { use: 'field', field };
    }),
  };
}

/** A whole name where there is one, else its parts in their order; without headers, words. */
function namesAmong(
  indices: readonly number[],
  plain: readonly string[],
  headers: readonly string[] | null,
  valuesOf: (index: number) => string[],
): number[] {
  if (!headers) {
    const isWord = (cell: string): boolean => /\p{L}{2}/u.test(cell);
    // `MBR0001` is a code, where another column has names.
    const isName = (cell: string): boolean => isWord(cell) && !/\d/.test(cell);
    const words = [isName, isWord].flatMap((is) => indices.filter((index) => valuesOf(index).some(is)))[0];
    return words === undefined ? [] : [words];
  }
  const whole = indices.find((index) => NAME_HEADER.test(plain[index]!));
  if (whole !== undefined) return [whole];
  const parts = indices.filter((index) => NAME_PARTS.test(plain[index]!));
  if (parts.length > 0) return parts;
  const called = indices.find(
    (index) => headerWords(headers[index] ?? '')[0] === 'nama' && !isOfThings(headers[index]!),
  );
  return called === undefined ? [] : [called];
}

function isOfThings(header: string): boolean {
  return headerWords(header).some((word) =>
    /^(?:produk|product|barang|item|file|user|pengguna|bank|outlet|kota|kurir|ekspedisi|event|promo)$/.test(word),
  );
}

function specialUse(
  header: string,
  plain: string,
  values: readonly string[],
  taken: readonly ColumnUse[],
): ColumnUse | null {
  const isFree = (use: ColumnUse['use']): boolean => !taken.some((other) => other.use === use);
  const when = guessConsent(header, values);
  if (when) return { use: 'opted-out', when };
  if (isFree('tags') && TAGS_HEADER.test(plain)) return { use: 'tags' };
  if (googlePhone(header) !== null && !isFree('phone')) return { use: 'phone-else' };
  if (COMPANY_HEADER.test(plain) && !isFree('name') && isFree('name-else')) return { use: 'name-else' };
  const countries = values.filter((value) => readCountry(value) !== null).length;
  const areCodes = values.every((value) => /^\+\d{1,3}$/.test(value));
  const isCountry =
    isFree('country') &&
    (COUNTRY_HEADER.test(plain) || areCodes) &&
    values.length > 0 &&
    countries >= values.length * 0.8;
  return isCountry ? { use: 'country' } : null;
}
