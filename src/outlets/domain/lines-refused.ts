import type { OutletImportReason } from '@koneksi/contracts/outlet-import';
import type { Outlet } from '@koneksi/contracts/outlets';
import type { OutletDraft } from './outlet-line.js';

/**
 * Which lines come to nothing, and why. Of a number the first line that can be taken is taken. No name comes to two
 * outlets: who has one and keeps it has it against whoever wants it, and of those who want one the first in the file.
 * Two outlets that trade names are no two of one name.
 */
export function linesRefused<Line extends { draft: OutletDraft }>(
  lines: readonly Line[],
  existing: readonly Outlet[],
): Map<Line, OutletImportReason> {
  const own = new Map(existing.map(({ whatsappNumber, name }) => [whatsappNumber, called(name)]));
  const byNumber = Map.groupBy(lines, ({ draft }) => draft.number);
  const reasons = new Map<Line, OutletImportReason>();
  const taken = new Map<string, Line>();
  const kept = new Set<string>();
  /** By the names that they bring. */
  const bringing = new Map<string, Line>();
  const nameOf = ({ draft: { name, number } }: Line): string | undefined =>
    name === undefined ? own.get(number) : called(name);

  const consider = (line: Line): void => {
    const { number } = line.draft;
    const name = nameOf(line);
    if (taken.has(number)) reasons.set(line, 'REPEATED');
    else if (name === undefined) reasons.set(line, 'OUTLET_NAME_MISSING');
    else if (name !== own.get(number) && (kept.has(name) || bringing.has(name))) reasons.set(line, 'OUTLET_NAME_TAKEN');
    else {
      reasons.delete(line);
      taken.set(number, line);
      if (name !== own.get(number)) bringing.set(name, line);
    }
  };
  const keepsName = (number: string): boolean => {
    const line = taken.get(number);
    return own.has(number) && (line === undefined || nameOf(line) === own.get(number));
  };

  for (const line of lines) consider(line);
  // Whoever loses a name to its owner may keep another that somebody wants.
  const keeping = [...own.keys()].filter(keepsName);
  for (let number = keeping.pop(); number !== undefined; number = keeping.pop()) {
    const name = own.get(number)!;
    kept.add(name);
    const loser = bringing.get(name);
    if (loser === undefined) continue;
    bringing.delete(name);
    taken.delete(loser.draft.number);
    reasons.set(loser, 'OUTLET_NAME_TAKEN');
    const others = byNumber.get(loser.draft.number)!;
    for (const line of others.slice(others.indexOf(loser) + 1)) consider(line);
    if (keepsName(loser.draft.number)) keeping.push(loser.draft.number);
  }
  return reasons;
}

/** `Toko  Dago` and `toko dago` are one to whoever reads them. */
const called = (name: string): string => name.trim().replace(/\s+/g, ' ').toLowerCase();
