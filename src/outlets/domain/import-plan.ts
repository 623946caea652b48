import type { ImportOutcome } from '@koneksi/contracts/contact-import';
import type { OutletImportReason } from '@koneksi/contracts/outlet-import';
import type { CreateOutlet, Outlet, UpdateOutlet } from '@koneksi/contracts/outlets';
import type { OutletDraft } from './outlet-line.js';

export type PlannedOutlet = CreateOutlet & { outcome: ImportOutcome };

export interface ImportPlan<Line> {
  /** Each line with the outlet it then is. */
  rows: (Line & { outlet: PlannedOutlet })[];
  adds: CreateOutlet[];
  updates: { id: string; change: UpdateOutlet }[];
  rejected: (Line & { reason: OutletImportReason })[];
}

/** As the form begins. */
const UNLESS_SAID = { isActive: true, autoReconnect: true, city: null, tags: [] };

/**
 * What becomes of each line: an outlet is known by its number. What a line leaves empty stays as it is; what it says is
 * so afterwards, so that the same file twice changes nothing the second time.
 */
export function planImport<Line extends { draft: OutletDraft }>(
  lines: readonly Line[],
  existing: readonly Outlet[],
): ImportPlan<Line> {
  const plan: ImportPlan<Line> = { rows: [], adds: [], updates: [], rejected: [] };
  const known = new Map(existing.map((outlet) => [outlet.whatsappNumber, outlet]));
  const first = new Map<string, Line>();
  for (const line of lines) if (!first.has(line.draft.number)) first.set(line.draft.number, line);
  // Two outlets that trade names in one file are no two of one name.
  const names = new Set(existing.map((outlet) => called(first.get(outlet.whatsappNumber)?.draft.name ?? outlet.name)));
  for (const line of lines) {
    const { number, ...said } = line.draft;
    const reject = (reason: OutletImportReason): void => void plan.rejected.push({ ...line, reason });
    if (first.get(number) !== line) {
      reject('REPEATED');
      continue;
    }
    const outlet = known.get(number);
    if (outlet) {
      const change = changeOf(outlet, said);
      const outcome = Object.keys(change).length > 0 ? 'UPDATED' : 'SAME';
      if (outcome === 'UPDATED') plan.updates.push({ id: outlet.id, change });
      plan.rows.push({ ...line, outlet: { ...plain(outlet), ...change, outcome } });
    } else if (said.name === undefined) reject('OUTLET_NAME_MISSING');
    else if (names.has(called(said.name))) reject('OUTLET_NAME_TAKEN');
    else {
      names.add(called(said.name));
      const added = { ...UNLESS_SAID, ...said, name: said.name, whatsappNumber: number };
      plan.adds.push(added);
      plan.rows.push({ ...line, outlet: { ...added, outcome: 'ADDED' } });
    }
  }
  return plan;
}

function changeOf(outlet: Outlet, said: Omit<OutletDraft, 'number'>): UpdateOutlet {
  return Object.fromEntries(
    Object.entries(said).filter(
      ([field, value]) => JSON.stringify(value) !== JSON.stringify(outlet[field as keyof Outlet]),
    ),
  );
}

function plain({ name, whatsappNumber, isActive, autoReconnect, city, tags }: Outlet): CreateOutlet {
  return { name, whatsappNumber, isActive, autoReconnect, city, tags };
}

/** `Toko  Dago` and `toko dago` are one to whoever reads them. */
const called = (name: string): string => name.trim().replace(/\s+/g, ' ').toLowerCase();
