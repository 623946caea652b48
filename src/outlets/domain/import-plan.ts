import type { ImportOutcome } from '@koneksi/contracts/contact-import';
import type { OutletImportReason } from '@koneksi/contracts/outlet-import';
import type { CreateOutlet, Outlet, UpdateOutlet } from '@koneksi/contracts/outlets';
import { linesRefused } from './lines-refused.js';
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
  const reasons = linesRefused(lines, existing);
  for (const line of lines) {
    const reason = reasons.get(line);
    if (reason) plan.rejected.push({ ...line, reason });
    else take(plan, line, known.get(line.draft.number));
  }
  return plan;
}

function take<Line extends { draft: OutletDraft }>(
  plan: ImportPlan<Line>,
  line: Line,
  outlet: Outlet | undefined,
): void {
  const { number, name, ...said } = line.draft;
  if (outlet) {
    const change = changeOf(outlet, { ...said, ...(name !== undefined && { name }) });
    const outcome = Object.keys(change).length > 0 ? 'UPDATED' : 'SAME';
    if (outcome === 'UPDATED') plan.updates.push({ id: outlet.id, change });
    plan.rows.push({ ...line, outlet: { ...plain(outlet), ...change, outcome } });
  } else {
    const added = { ...UNLESS_SAID, ...said, name: name!, whatsappNumber: number };
    plan.adds.push(added);
    plan.rows.push({ ...line, outlet: { ...added, outcome: 'ADDED' } });
  }
}

function changeOf(outlet: Outlet, said: Omit<OutletDraft, 'number'>): UpdateOutlet {
  return Object.fromEntries(
    Object.entries(said).filter(([field, value]) => asLine(value) !== asLine(outlet[field as keyof Outlet])),
  );
}

function plain({ name, whatsappNumber, isActive, autoReconnect, city, tags }: Outlet): CreateOutlet {
  return { name, whatsappNumber, isActive, autoReconnect, city, tags };
}

/** A line has no two blanks side by side; an outlet that has some is not changed for it. */
const asLine = (value: unknown): string => JSON.stringify(value).replace(/\s+/gu, ' ');
