import { getCountries, getCountryCallingCode, type CountryCode } from 'libphonenumber-js/max';
import type { Homeland } from './phone-number.ts';

let byName: Map<string, CountryCode> | undefined;
let callingCodes: Set<string> | undefined;

/** The country a cell names: `65`, `+65`, `0065`, `SG`, `Singapore` or `Singapura`; `null` for what is none. */
export function readCountry(cell: string): Homeland | null {
  const text = cell.trim();
  const digits = /^(?:\+|00)?(\d{1,4})(?:[.,]0+)?$/.exec(text)?.[1];
  if (digits) {
    callingCodes ??= new Set<string>(getCountries().map((country) => getCountryCallingCode(country)));
    return callingCodes.has(digits) ? (digits as `${number}`) : null;
  }
  byName ??= names();
  return byName.get(plain(text)) ?? null;
}

function names(): Map<string, CountryCode> {
  const found = new Map<string, CountryCode>();
  for (const locale of ['id', 'en']) {
    const names = new Intl.DisplayNames(locale, { type: 'region' });
    for (const country of getCountries()) found.set(plain(names.of(country) ?? country), country);
  }
  for (const country of getCountries()) found.set(plain(country), country);
  for (const [name, country] of [
    ['usa', 'US'],
    ['uk', 'GB'],
    ['inggris', 'GB'],
    ['uae', 'AE'],
  ] as const)
    found.set(name, country);
  return found;
}

function plain(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '');
}
