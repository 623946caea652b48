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
  const still = troubles.filter(({ outletId }) => struck.has(outletId));
  if (!running && !cause) return before;
  if (running && !cause && still.length <= struck.size * LEFT_BEHIND)
    return { ...running, count: still.length, until: now };
  return {
    code: cause?.code ?? running!.code,
    since: running?.since || cause?.since || 0,
    struck,
    count: still.length,
    fleet,
    example: still[0]!.outletId,
    until: null,
  };
}
