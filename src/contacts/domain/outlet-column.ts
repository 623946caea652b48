import { normalizeOutletNumber } from '@koneksi/contracts/phone-number';
import type { Outlet } from '@koneksi/contracts/outlets';
import { plainHeader } from '../../spreadsheets/domain/header-words.js';

const HEADERS = [
  /^(?:nama|name|kode|code)?(?:outlet|toko|cabang|store|branch|shop|gerai|kedai|resto(?:ran)?)(?:name)?$/,
  /(?:outlet|cabang|branch)/,
];

/** The column that tells the outlets apart, by its header; `null` where none does. */
export function guessOutletColumn(headers: readonly string[] | null): number | null {
  const plain = (headers ?? []).map(plainHeader);
  for (const pattern of HEADERS) {
    const at = plain.findIndex((header) => pattern.test(header));
    if (at >= 0) return at;
  }
  return null;
}

type Named = Pick<Outlet, 'id' | 'name' | 'whatsappNumber'>;

type Found = Named | 'OUTLET_UNKNOWN' | 'OUTLET_AMBIGUOUS';

/** More than any chain has outlets; what a file says more often is looked up once. */
const MOST_REMEMBERED = 10_000;

/** Which outlet a cell means: as it is called, by its number, or by its id as programs have it. */
export function outletFinder(outlets: readonly Named[]): (cell: string) => Found {
  const byName = Map.groupBy(outlets, ({ name }) => called(name));
  const others = new Map(outlets.flatMap((outlet) => [outlet.whatsappNumber, outlet.id].map((key) => [key, outlet])));
  const before = new Map<string, Found>();
  const find = (cell: string): Found => {
    const found = byName.get(called(cell)) ?? [];
    if (found.length > 1) return 'OUTLET_AMBIGUOUS';
    return found[0] ?? others.get(normalizeOutletNumber(cell) ?? cell.toLowerCase()) ?? 'OUTLET_UNKNOWN';
  };
  return (cell) => {
    const found = before.get(cell) ?? find(cell);
    if (before.size < MOST_REMEMBERED) before.set(cell, found);
    return found;
  };
}

const called = (name: string): string => name.trim().replace(/\s+/g, ' ').toLowerCase();
