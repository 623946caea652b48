/** What a node knows of how the outlets are spread. */
export interface Spread {
  readonly outlets: number;
  /** Owned by this node. */
  readonly mine: number;
  /** Nodes that live and stay, this one included. */
  readonly nodes: number;
  /** Of these, how many know the newest step of the database: only they claim. */
  readonly heirs: number;
  /** Whether this node is one of them. */
  readonly isHeir: boolean;
  /** Whether it is to own any: it neither ends nor is drained. */
  readonly stays: boolean;
  /** Owned by nodes that hand it over now. */
  readonly leaving: number;
}

/** How far those who stay are from their shares. */
export interface Unevenness {
  /** Nodes that are short of theirs, and how many of these own nothing yet. */
  readonly takers: number;
  readonly newcomers: number;
  /** Nodes above theirs: each may be letting go, for who began to does so to the end. */
  readonly givers: number;
  /** Outlets that were let go and that nobody took yet. */
  readonly free: number;
}

/** A move costs an outlet a login: shares that differ by less than a tenth stay as they are. */
const TOLERANCE = 0.1;

/** As fast as a node opens sockets when it begins. Outlets a second, to each that takes. */
const HAND_OVER_PER_SECOND = 10;
/** Milliseconds, at least. */
export const HAND_OVER_EVERY_MS = 200;
/** Outlets, to each that takes. */
export const HAND_OVER_AT_ONCE = (HAND_OVER_PER_SECOND * HAND_OVER_EVERY_MS) / 1_000;
/** Milliseconds for which nobody gives what is above a share, once somebody takes. */
export const FIRST_ALONE_MS = 1_000;

/** A node of an older version keeps what it has, as one of all; what comes free goes to the newest. */
const shareOf = ({ outlets, nodes, heirs, isHeir }: Spread): number => Math.ceil(outlets / (isHeir ? heirs : nodes));

/** How many more outlets this node takes, of those that are free. */
export function toClaim(spread: Spread): number {
  return spread.isHeir ? Math.max(0, shareOf(spread) - spread.mine) : 0;
}

/** Whether others are about to let go of what this node will claim, after so many that it claimed just now. */
export function isExpecting(spread: Spread, claimed: number): boolean {
  if (!spread.isHeir) return false;
  return spread.leaving > 0 || toClaim(spread) - claimed > shareOf(spread) * TOLERANCE;
}

/** Of those who stay, as each of them sees itself. */
export function unevenness(spreads: readonly Spread[]): Unevenness {
  const { outlets = 0, leaving = 0 } = spreads[0] ?? {};
  const short = spreads.filter((spread) => toClaim(spread) > shareOf(spread) * TOLERANCE);
  return {
    takers: short.length,
    newcomers: short.filter(({ mine }) => mine === 0).length,
    givers: spreads.filter((spread) => toLetGo(spread, true) > 0).length,
    free: outlets - leaving - spreads.reduce((sum, { mine }) => sum + mine, 0),
  };
}

/**
 * How many a node lets go at once of what is above its share, and how long it then waits: all who give come to the pace of
 * those who take, where they are many by longer waits, and give nothing while what was let go before waits, since only
 * without its owner it has no socket. One that owns nothing yet has never opened a socket and is slow with its first, so
 * that this comes alone.
 */
export function stepOf({ takers, newcomers, givers, free }: Unevenness): { count: number; everyMs: number } {
  // Who is short by less than counts takes the rest.
  const [to, from] = [Math.max(1, takers), Math.max(1, givers)];
  const everyMs = Math.max(HAND_OVER_EVERY_MS, (1_000 * from) / (HAND_OVER_PER_SECOND * to));
  if (free > 0) return { count: 0, everyMs };
  if (newcomers > 0) return { count: 1, everyMs: Math.max(FIRST_ALONE_MS, everyMs) };
  return { count: Math.max(1, Math.floor((HAND_OVER_AT_ONCE * to) / from)), everyMs };
}

/**
 * How many outlets this node lets go, so that others have their share. Little too much is borne until shares are moved
 * anyway: by this node, that began to let go, or since somebody is short, as whoever joins many with a little each is.
 */
export function toLetGo(spread: Spread, isMoving: boolean): number {
  if (!spread.stays) return spread.heirs > 0 ? spread.mine : 0;
  const share = shareOf(spread);
  const surplus = spread.mine - share;
  return surplus > (isMoving ? 0 : share * TOLERANCE) ? surplus : 0;
}

/** What a move would disturb, least first. */
export const DISTURBANCES = ['no-socket', 'idle', 'busy'] as const;
export type Disturbance = (typeof DISTURBANCES)[number];

export interface Candidate {
  readonly outletId: string;
  /** `busy`: a phone is being linked, or messages are being sent. */
  readonly disturbance: Disturbance;
}

/**
 * Whom to let go now, of so many in all. What has no socket yet loses nothing and goes at once; of the others no more
 * than `pace`, so that each waits for its own login and not for those of all.
 */
export function chooseLeavers(candidates: readonly Candidate[], count: number, pace: number): string[] {
  const by = Map.groupBy(candidates, ({ disturbance }) => disturbance);
  const without = (by.get('no-socket') ?? []).slice(0, count);
  const others = [...(by.get('idle') ?? []), ...(by.get('busy') ?? [])];
  return [...without, ...others.slice(0, Math.min(pace, count - without.length))].map(({ outletId }) => outletId);
}
