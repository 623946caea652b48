import { Service, signal } from '@angular/core';
import { recall, remember } from '../core/remembered';
import type { TextKey } from '../core/texts';
import type { Sort } from '../live-status/status-order';

export type ColumnName =
  | 'outlet'
  | 'state'
  | 'since'
  | 'reason'
  | 'strip'
  | 'number'
  | 'city'
  | 'tags'
  | 'device'
  | 'connected'
  | 'seen'
  | 'retries'
  | 'auto'
  | 'database'
  | 'live';

export interface Column {
  readonly name: ColumnName;
  readonly label: TextKey;
  /** How wide it must be at least, in pixels, and what share of the rest it takes. */
  readonly least: number;
  readonly share?: number;
  /** The order that a press on its head puts the rows in. */
  readonly sort?: Sort;
}

/** In the order they stand in. */
export const COLUMNS: readonly Column[] = [
  { name: 'outlet', label: 'status.outlet', least: 200, share: 1.3, sort: 'name' },
  { name: 'state', label: 'status.state', least: 150, sort: 'problems' },
  { name: 'since', label: 'status.since', least: 152 },
  { name: 'reason', label: 'status.reason', least: 230, share: 2 },
  { name: 'strip', label: 'strip.title', least: 150, sort: 'uptime' },
  { name: 'number', label: 'status.number', least: 132 },
  { name: 'city', label: 'status.city', least: 96, share: 0.4, sort: 'city' },
  { name: 'tags', label: 'status.tags', least: 96, share: 0.4 },
  { name: 'device', label: 'status.device', least: 96, share: 0.4 },
  { name: 'connected', label: 'status.connectedShort', least: 92, sort: 'connectedAt' },
  { name: 'seen', label: 'status.seenShort', least: 92, sort: 'lastSeen' },
  { name: 'retries', label: 'status.retries', least: 136 },
  { name: 'auto', label: 'status.automatic', least: 64 },
  { name: 'database', label: 'status.database', least: 124 },
  { name: 'live', label: 'status.live', least: 124 },
];

/** Without these the table would say nothing. */
const ALWAYS: ReadonlySet<ColumnName> = new Set(['outlet', 'state', 'reason']);

/** What people see who chose nothing, most needed first. Both statuses show where they differ anyway. */
const STANDARD: readonly ColumnName[] = [
  'outlet',
  'state',
  'reason',
  'since',
  'strip',
  'city',
  'seen',
  'number',
  'device',
  'connected',
  'retries',
  'auto',
];

const COLUMN_GAP = 10;
const PADDING = 32;

/**
 * Those of the chosen columns that a table of this width has room for, in the order they stand in.
 * @param chosen most needed first
 * @param width in pixels
 */
export function fitting(chosen: Iterable<ColumnName>, width: number): Column[] {
  const shown = new Set<ColumnName>();
  let left = width - PADDING + COLUMN_GAP;
  for (const name of new Set([...ALWAYS, ...chosen])) {
    left -= COLUMNS.find((column) => column.name === name)!.least + COLUMN_GAP;
    if (left < 0 && !ALWAYS.has(name)) break;
    shown.add(name);
  }
  return COLUMNS.filter(({ name }) => shown.has(name));
}

/** The widths of these columns, as CSS. */
export function tracks(columns: readonly Column[]): string {
  return columns.map(({ least, share }) => (share ? `minmax(${least}px, ${share}fr)` : `${least}px`)).join(' ');
}

/** Which columns a person chose, kept in their browser. */
@Service()
export class StatusColumns {
  /** Most needed first. */
  readonly #chosen = signal<ReadonlySet<ColumnName>>(read(recall('columns')));
  readonly chosen = this.#chosen.asReadonly();

  isAlways(name: ColumnName): boolean {
    return ALWAYS.has(name);
  }

  /** What was asked for last is shown for sure, whatever must give way. */
  toggle(name: ColumnName): void {
    if (ALWAYS.has(name)) return;
    const others = [...this.#chosen()].filter((other) => other !== name);
    const chosen = new Set(this.#chosen().has(name) ? others : [name, ...others]);
    this.#chosen.set(chosen);
    remember('columns', [...chosen].join(' '));
  }
}

function read(kept: string | null): ReadonlySet<ColumnName> {
  const known = new Set<string>(COLUMNS.map(({ name }) => name));
  const words = kept?.split(' ').filter((word) => known.has(word));
  return new Set((words as ColumnName[] | undefined) ?? STANDARD);
}
