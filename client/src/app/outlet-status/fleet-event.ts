import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import { fleetWideCause, type Trouble } from '@koneksi/contracts/shared-cause';

/** One cause that has most of the fleet, or had it. */
export interface FleetEvent {
  readonly code: ReasonCode | null;
  /** In milliseconds since the epoch; 0 where nothing tells. */
  readonly since: number;
  /** All it ever struck. */
  readonly struck: ReadonlySet<string>;
  /** How many it has now. */
  readonly count: number;
  readonly fleet: number;
  /** One of those it has, whose reason speaks for all. */
  readonly example: string;
  /** When it was over. */
  readonly until: number | null;
}

/** A few that stay behind when all the others are back are troubles of their own. */
const LEFT_BEHIND = 0.05;

/** What is known now of the event, given what was known before. */
export function followed(
  before: FleetEvent | null,
  troubles: readonly Trouble[],
  fleet: number,
  now: number,
): FleetEvent | null {
  const cause = fleetWideCause(troubles, fleet);
  const running = before?.until === null ? before : null;
  const struck = new Set([...(running?.struck ?? []), ...(cause?.outletIds ?? [])]);
  if (!running && !cause) return before && withLateComers(before, still(before.struck, troubles).length);
  const left = still(struck, troubles);
  if (running && !cause && left.length <= struck.size * LEFT_BEHIND)
    return { ...running, count: left.length, until: now };
  return {
    code: cause?.code ?? running!.code,
    since: running?.since || cause?.since || 0,
    struck,
    count: left.length,
    fleet,
    example: left[0]!.outletId,
    until: null,
  };
}

const still = (struck: ReadonlySet<string>, troubles: readonly Trouble[]): readonly Trouble[] =>
  troubles.filter(({ outletId }) => struck.has(outletId));

/** Those that come back after it was over count too; what breaks later has nothing to do with it. */
const withLateComers = (over: FleetEvent, left: number): FleetEvent =>
  left < over.count ? { ...over, count: left } : over;
