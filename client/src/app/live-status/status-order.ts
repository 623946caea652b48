import { kindOf, OUTLET_KINDS, type OutletKind } from '@koneksi/contracts/outlet-kind';
import type { OutletStatusName } from '@koneksi/contracts/outlet-status';
import type { OutletStatus } from '@koneksi/contracts/outlet-status-schema';
import type { StatusRow } from './status-store';

/** Among outlets of one kind and age: what most needs a person comes first. */
const URGENCY: Record<OutletStatusName, number> = {
  FAILED: 0,
  TIMEOUT: 1,
  DISCONNECTED: 2,
  CONNECTING: 3,
  CONNECTED: 4,
  PAUSED: 5,
};
const SWITCHED_OFF = 6;

/** What the past tells of a row beside what it is now. */
export interface Past {
  isUnstable(id: string): boolean;
  /** When the present state began, in milliseconds since the epoch. */
  since(row: StatusRow): number | null;
  /** The share of the last 24 hours that was connected, 0 to 1. */
  uptime(id: string): number | null;
}

export const NO_PAST: Past = { isUnstable: () => false, since: () => null, uptime: () => null };

const byName = new Intl.Collator('id', { numeric: true });

export const SORTS = ['problems', 'name', 'city', 'uptime', 'lastSeen', 'connectedAt'] as const;
/**
 * `problems` has what needs a person first and of that the newest, `uptime` the least reliable, `lastSeen` the longest
 * silence, `connectedAt` the youngest link.
 */
export type Sort = (typeof SORTS)[number];

function urgency({ liveStatus, outlet }: OutletStatus): number {
  return outlet.isActive ? URGENCY[liveStatus.status] : SWITCHED_OFF;
}

export function byOutletName(rows: readonly StatusRow[]): StatusRow[] {
  return rows.toSorted(compareNames);
}

function compareNames(one: StatusRow, other: StatusRow): number {
  return byName.compare(one.status.outlet.name, other.status.outlet.name) || one.id.localeCompare(other.id);
}

/** `byOutletName(rows)`, made of the order before: with 5,000 rows a full sort is too slow for 50 changes a second. */
export function reordered(before: readonly StatusRow[], rows: readonly StatusRow[]): StatusRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const ordered: StatusRow[] = [];
  for (const known of before) {
    const row = byId.get(known.id);
    if (row?.status.outlet.name !== known.status.outlet.name) continue;
    ordered.push(row);
    byId.delete(row.id);
  }
  const moved = byOutletName([...byId.values()]);
  return merged(ordered, moved);
}

/** Each moved row is looked for by halves. */
function merged(ordered: readonly StatusRow[], moved: readonly StatusRow[]): StatusRow[] {
  const all: StatusRow[] = [];
  let taken = 0;
  for (const row of moved) {
    let [from, to] = [taken, ordered.length];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (compareNames(ordered[middle]!, row) < 0) from = middle + 1;
      else to = middle;
    }
    all.push(...ordered.slice(taken, from), row);
    taken = from;
  }
  return all.concat(ordered.slice(taken));
}

/** @param byName rows in the order of `byOutletName`, which equals keep. */
export function sorted(byName: readonly StatusRow[], sort: Sort, past: Past = NO_PAST): readonly StatusRow[] {
  switch (sort) {
    case 'name':
      return byName;
    case 'problems':
      return problemsFirst(byName, past);
    case 'city':
      return byCity(byName);
    case 'uptime':
      return byRank(byName, ({ id }) => past.uptime(id) ?? Infinity);
    case 'lastSeen':
      return byRank(byName, ({ status }) => instantOf(status.session.lastSeen, -Infinity));
    case 'connectedAt':
      return byRank(byName, ({ status }) => -instantOf(status.session.connectedAt, -Infinity));
  }
}

/** The healthy, mostly nearly all, keep their order unsorted. */
function problemsFirst(rows: readonly StatusRow[], past: Past): StatusRow[] {
  const ranked = new Map<OutletKind, { row: StatusRow; since: number; urgency: number }[]>();
  for (const kind of OUTLET_KINDS) ranked.set(kind, []);
  for (const row of rows) {
    const kind = kindOf(row.status, past.isUnstable(row.id));
    const since = kind === 'healthy' ? 0 : (past.since(row) ?? 0);
    ranked.get(kind)!.push({ row, since, urgency: kind === 'healthy' ? 0 : urgency(row.status) });
  }
  return [...ranked].flatMap(([kind, members]) => {
    if (kind !== 'healthy') members.sort((one, other) => other.since - one.since || one.urgency - other.urgency);
    return members.map(({ row }) => row);
  });
}

/** One rank a row, one comparison of numbers a pair: cheap enough for thousands of rows at every push. */
function byRank(rows: readonly StatusRow[], rankOf: (row: StatusRow) => number): StatusRow[] {
  return rows
    .map((row) => ({ row, rank: rankOf(row) }))
    .sort((one, other) => (one.rank === other.rank ? 0 : one.rank - other.rank))
    .map(({ row }) => row);
}

/** Outlets without a city come last. */
function byCity(rows: readonly StatusRow[]): StatusRow[] {
  const cities = [...new Set(rows.flatMap(({ status }) => status.outlet.city ?? []))].sort(byName.compare);
  const rank = new Map(cities.map((city, index) => [city, index]));
  return byRank(rows, ({ status }) => rank.get(status.outlet.city ?? '') ?? cities.length);
}

function instantOf(iso: string | null, unknown: number): number {
  return iso ? Date.parse(iso) : unknown;
}

export const HEALTHS = ['all', ...OUTLET_KINDS] as const;

export interface StatusFilter {
  readonly health: (typeof HEALTHS)[number];
  readonly status: OutletStatusName | null;
  /** Part of a name, a city or a tag, or digits of a number. */
  readonly search: string;
  readonly city: string | null;
  readonly tag: string | null;
}

export const EVERYTHING: StatusFilter = { health: 'all', status: null, search: '', city: null, tag: null };

export function matches(status: OutletStatus, filter: StatusFilter, isUnstable = false): boolean {
  if (filter.health !== 'all' && kindOf(status, isUnstable) !== filter.health) return false;
  if (filter.status && status.liveStatus.status !== filter.status) return false;
  return isAmong(status, filter);
}

/** As far as the outlet itself is asked for, whatever its state. */
export function isAmong({ outlet }: OutletStatus, { search, city, tag }: StatusFilter): boolean {
  if (city && !sameWord(outlet.city, city)) return false;
  if (tag && !outlet.tags.some((own) => sameWord(own, tag))) return false;
  const wanted = search.trim().toLowerCase();
  if (wanted === '') return true;
  const words = [outlet.name, outlet.city ?? '', ...outlet.tags];
  if (words.some((word) => word.toLowerCase().includes(wanted))) return true;
  const digits = wanted.replace(/[\s().+-]/g, '').replace(/^0/, '62');
  return /^\d+$/.test(digits) && outlet.whatsappNumber.includes(digits);
}

export function sameWord(one: string | null, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/** The order already on screen, for as long as someone points at it: gone ids leave, new ones join at the end. */
export function heldOrder(
  shown: readonly string[],
  wanted: readonly string[],
  exists: (id: string) => boolean,
): string[] {
  const kept = new Set(shown);
  return [...shown.filter(exists), ...wanted.filter((id) => !kept.has(id))];
}
