import { OUTLET_FIELDS, OUTLET_HEADERS, type OutletField } from '@koneksi/contracts/outlet-import';
import { guessPhone, type PhoneGuess } from '../../spreadsheets/domain/guess-phone.js';
import { plainHeader } from '../../spreadsheets/domain/header-words.js';

/** What each column is taken for; `null` where it is left out. */
export interface OutletColumns {
  uses: (OutletField | null)[];
  number: PhoneGuess;
}

type Worded = Exclude<OutletField, 'number'>;

/** The words that people head these columns with, the plainest first. */
const HEADERS: Record<Worded, readonly RegExp[]> = {
  name: [
    /^(?:nama|name)?(?:outlet|toko|cabang|store|branch|shop|gerai|kedai|warung|resto(?:ran)?)(?:name)?$/,
    /^(?:nama|name)$/,
  ],
  city: [/^(?:nama)?(?:kota|city|kab(?:upaten)?|kotakab(?:upaten)?|town)$/, /^(?:wilayah|daerah|area|region)$/],
  tags: [/^(?:tags?|labels?|kategori|category|categories|grup|groups?|kelompok|segmen|segment)$/],
  active: [/^(?:is)?(?:aktif|active|enabled)$/, /^(?:status)?(?:aktif|active)$/],
  autoReconnect: [
    /^auto(?:matis)?(?:reconnect|sambung|konek(?:si)?|connect)$/,
    /^(?:sambung|koneksi|hubungkan)(?:auto|otomatis)$/,
  ],
};

/** From the headers and the first values; without headers, the numbers and the first column of words. */
export function guessOutletColumns(
  headers: readonly string[] | null,
  samples: readonly (readonly string[])[],
  width: number,
): OutletColumns {
  const indices = Array.from({ length: width }, (_, index) => index);
  const valuesOf = (index: number): string[] => samples.map((row) => row[index] ?? '').filter((cell) => cell !== '');
  const number = guessPhone(headers, valuesOf, width);
  const uses = indices.map((): OutletField | null => null);
  if (number.column !== null) uses[number.column] = 'number';
  const isFree = (index: number): boolean => uses[index] === null && !number.candidates.includes(index);
  for (const field of OUTLET_FIELDS) {
    if (field === 'number') continue;
    const at = headers
      ? headed(field, headers, isFree)
      : field === 'name'
        ? indices.find((index) => isFree(index) && valuesOf(index).some((cell) => /\p{L}{2}/u.test(cell)))
        : undefined;
    if (at !== undefined) uses[at] = field;
  }
  return { uses, number };
}

function headed(field: Worded, headers: readonly string[], isFree: (index: number) => boolean): number | undefined {
  const plain = headers.map(plainHeader);
  const own = Object.values(OUTLET_HEADERS).map((words) => plainHeader(words[field]));
  const patterns = [new RegExp(`^(?:${own.join('|')})$`), ...HEADERS[field]];
  for (const pattern of patterns) {
    const at = plain.findIndex((header, index) => isFree(index) && pattern.test(header));
    if (at >= 0) return at;
  }
  return undefined;
}
