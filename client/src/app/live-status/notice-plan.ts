import type { ReasonCode } from '@koneksi/contracts/outlet-status';
import { SAME_EVENT_MS, type Trouble } from '@koneksi/contracts/shared-cause';

/** What is told a person who may be looking elsewhere: one cause, and all it struck. */
export interface Notice {
  readonly code: ReasonCode | null;
  readonly outletIds: readonly string[];
}

export interface NoticeState {
  /** Since when each outlet in trouble has been, as this page saw it; milliseconds since the epoch. */
  readonly seen: ReadonlyMap<string, number>;
  readonly told: ReadonlySet<string>;
  /** When each cause last struck, told or not. */
  readonly struck: ReadonlyMap<ReasonCode | null, number>;
}

/** Outlets that break together are told together. */
const GATHER_MS = 2_000;
/** What mostly mends itself is told only if it has not by then. */
const MENDS_ITSELF: ReadonlySet<ReasonCode | null> = new Set(['RECONNECTING', 'DEGRADED']);
const MENDING_MS = 20_000;

/** What was there when the page came is on the page, and no news. */
export function startingWith(troubles: readonly Trouble[], now: number): NoticeState {
  const ids = troubles.map(({ outletId }) => outletId);
  return { seen: new Map(ids.map((id) => [id, now])), told: new Set(ids), struck: new Map() };
}

/**
 * At most one notice a cause and event, of all that it has struck by then: whatever it strikes within a minute of the last
 * is part of what was told.
 */
export function nextNotices(
  { seen, told, struck }: NoticeState,
  troubles: readonly Trouble[],
  now: number,
): { state: NoticeState; notices: Notice[] } {
  const stillSeen = new Map(troubles.map(({ outletId }) => [outletId, seen.get(outletId) ?? now]));
  const stillTold = new Set([...told].filter((id) => stillSeen.has(id)));
  const untold = troubles.filter(({ outletId }) => !stillTold.has(outletId));
  const hasWaited = ({ outletId, code }: Trouble): boolean =>
    now - stillSeen.get(outletId)! >= (MENDS_ITSELF.has(code) ? MENDING_MS : GATHER_MS);
  const due = new Set(untold.filter(hasWaited).map(({ code }) => code));
  const ripe = new Map<ReasonCode | null, string[]>();
  for (const trouble of untold) {
    const { outletId, code } = trouble;
    if (!due.has(code) || (MENDS_ITSELF.has(code) && !hasWaited(trouble))) continue;
    stillTold.add(outletId);
    ripe.set(code, [...(ripe.get(code) ?? []), outletId]);
  }
  const nowStruck = new Map(struck);
  const notices: Notice[] = [];
  for (const [code, outletIds] of ripe) {
    const isNew = now - (struck.get(code) ?? -Infinity) > SAME_EVENT_MS;
    nowStruck.set(code, now);
    if (isNew) notices.push({ code, outletIds });
  }
  return { state: { seen: stillSeen, told: stillTold, struck: nowStruck }, notices };
}
