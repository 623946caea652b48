import { getCountries, getCountryCallingCode, type CountryCode } from 'libphonenumber-js/max';
import type { Homeland } from './phone-number.ts';

let byName: Map<string, CountryCode> | undefined;
let callingCodes: Set<string> | undefined;

/** As files and people call countries besides their names and two letters. */
const ALSO: Partial<Record<CountryCode, string>> = {
  ID: 'idn ina indo ri',
  SG: 'sgp sin',
  MY: 'mys mas',
  BN: 'brn bruneidarussalam',
  TH: 'tha muangthai',
  PH: 'phl pilipina',
  VN: 'vnm',
  KH: 'khm cambodia kampuchea',
  MM: 'mmr myanmar burma',
  LA: 'lao laos',
  TL: 'tls timortimur easttimor',
  HK: 'hkg hongkong',
  MO: 'mac makau macao macau',
  TW: 'twn taiwanprovinceofchina',
  CN: 'chn cina tiongkok rrt prc prchina republikrakyattiongkok',
  JP: 'jpn jap',
  KR: 'kor korea southkorea koreaselatan republicofkorea korsel',
  IN: 'ind',
  PK: 'pak',
  BD: 'bgd',
  LK: 'lka',
  SA: 'sau ksa saudi arabsaudi saudiarabia',
  AE: 'are uae dubai abudhabi emirates uniemiratarab',
  QA: 'qat',
  KW: 'kwt',
  OM: 'omn',
  BH: 'bhr',
  TR: 'tur turkey turki turkiye',
  EG: 'egy',
  AU: 'aus aust',
  NZ: 'nzl newzealand selandiabaru',
  US: 'usa america amerika unitedstatesofamerica amerikaserikat',
  CA: 'can',
  GB: 'uk gbr inggris england greatbritain britain britania britaniaraya scotland wales',
  NL: 'nld holland thenetherlands',
  DE: 'deu ger',
  FR: 'fra perancis',
  IT: 'ita',
  ES: 'esp',
  CH: 'che swiss',
  BE: 'bel',
  RU: 'rus russianfederation',
  ZA: 'zaf',
  NG: 'nga',
  BR: 'bra',
  MX: 'mex',
  AR: 'arg',
};

/** The country a cell names: `65`, `+65`, `0065`, `SG`, `SGP`, `Singapore (+65)`, `🇸🇬`; `null` for what is none. */
export function readCountry(cell: string): Homeland | null {
  const text = unflagged(cell).trim();
  const digits = /^\(?(?:\+|00)? ?(\d{1,4})(?:[.,]0+)?\)?$/.exec(text)?.[1] ?? /^\+?(1)[ -]\d{3}$/.exec(text)?.[1];
  if (digits) {
    callingCodes ??= new Set<string>(getCountries().map((country) => getCountryCallingCode(country)));
    return callingCodes.has(digits) ? (digits as `${number}`) : null;
  }
  byName ??= names();
  const named = byName.get(plain(text));
  if (named) return named;
  // `Singapore (+65)`, `ID +62`: by the code where the words are none.
  const beside = /^\D*?\(?(?:\+|00)(\d{1,4})\)?\D*$/.exec(text)?.[1];
  return beside ? readCountry(beside) : null;
}

function names(): Map<string, CountryCode> {
  const found = new Map<string, CountryCode>();
  for (const locale of ['id', 'en']) {
    const names = new Intl.DisplayNames(locale, { type: 'region' });
    for (const country of getCountries()) found.set(plain(names.of(country) ?? country), country);
  }
  for (const country of getCountries()) found.set(plain(country), country);
  for (const [country, also] of Object.entries(ALSO)) {
    for (const name of also.split(' ')) found.set(name, country as CountryCode);
  }
  return found;
}

/** A flag is its country's two letters. */
function unflagged(text: string): string {
  return text.replace(/[\u{1f1e6}-\u{1f1ff}]/gu, (letter) =>
    String.fromCharCode(letter.codePointAt(0)! - 0x1f1e6 + 65),
  );
}

function plain(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '');
}
