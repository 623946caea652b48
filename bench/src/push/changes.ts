import type { Remote } from '../children/child.ts';
import type { UpdateSeen } from '../children/server-probe.ts';
import type { SimulatorMethods } from '../children/simulator.ts';
import { now } from '../clock.ts';

export interface ChangePlan {
  /** How many sessions are dropped; each is two changes, away and back. */
  drops: number;
  /** Milliseconds between two drops, on average. */
  meanGapMs: number;
}

/** An outlet whose session may be dropped. */
export interface DroppableOutlet {
  id: string;
  number: string;
}

/** A session is given this long to come back before it is dropped again. */
const REST_MS = 1_500;

/**
 * Drops one session at a time, at random moments, and lets it come back by itself. Where each has to be dropped
 * often, it is sent away with "restart" (515) instead of a dead TCP connection, or its back-off would grow.
 */
export async function makeChanges(
  simulator: Remote<SimulatorMethods>,
  outlets: readonly DroppableOutlet[],
  { drops, meanGapMs }: ChangePlan,
): Promise<number> {
  const ending = outlets.length >= drops ? 'drop' : 'restart';
  const droppedAt = new Map<string, number>();
  let ended = 0;
  for (let count = 0; count < drops; count++) {
    await pause(Math.min(5 * meanGapMs, -Math.log(1 - Math.random()) * meanGapMs));
    const rested = outlets.filter(({ id }) => now() - (droppedAt.get(id) ?? 0) > REST_MS);
    const outlet = rested[Math.floor(Math.random() * rested.length)];
    if (!outlet) {
      count--;
      await pause(50);
      continue;
    }
    droppedAt.set(outlet.id, now());
    ended += await simulator.end(outlet.number, ending);
  }
  await pause(REST_MS);
  return ended;
}

/** A change of status that belongs to what Baileys said. */
export interface MatchedChange {
  update: UpdateSeen;
  revision: number;
  /** Milliseconds from the update to each subscriber. */
  latencies: number[];
}

interface Told {
  outletId: string;
  revision: number;
  status: string;
  at: number[];
}

/** Pairs each `close` and `open` with the first later change of its outlet that tells of it. */
export function match(
  updates: readonly UpdateSeen[],
  told: readonly Told[],
): { matched: MatchedChange[]; unmatched: UpdateSeen[] } {
  const left = new Map<string, Told[]>();
  for (const change of [...told].sort((a, b) => a.revision - b.revision)) {
    left.set(change.outletId, [...(left.get(change.outletId) ?? []), change]);
  }
  const matched: MatchedChange[] = [];
  const unmatched: UpdateSeen[] = [];
  for (const update of updates) {
    if (update.kind !== 'open' && update.kind !== 'close') continue;
    const changes = left.get(update.outletId) ?? [];
    const index = changes.findIndex(
      ({ status, at }) => (status === 'CONNECTED') === (update.kind === 'open') && Math.min(...at) >= update.at,
    );
    const change = changes[index];
    if (!change) {
      unmatched.push(update);
      continue;
    }
    left.set(update.outletId, changes.slice(index + 1));
    matched.push({ update, revision: change.revision, latencies: change.at.map((at) => at - update.at) });
  }
  return { matched, unmatched };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
