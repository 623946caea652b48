import type { ReasonCode } from './outlet-status.ts';

/** One outlet that is in trouble. */
export interface Trouble {
  readonly outletId: string;
  readonly code: ReasonCode | null;
  /** When it began, in milliseconds since the epoch. */
  readonly since: number;
}

/** Outlets that broke together and for the same reason: one thing to know, and one to mend. */
export interface SharedCause {
  readonly code: ReasonCode | null;
  readonly since: number;
  readonly outletIds: readonly string[];
}

/** How far apart two beginnings may lie and still be one event. */
export const SAME_EVENT_MS = 60_000;
/** From this many outlets on a shared cause is told once for all instead of once for each. */
const FEWEST = 5;

/** Stages of losing WhatsApp, worst first: while one outlet still tries, another has given up already. */
const STAGES: readonly (ReasonCode | null)[] = ['WHATSAPP_UNREACHABLE', 'DEGRADED', 'RECONNECTING', 'WAITING_TURN'];

/** What a reason is told as where outlets broke together: the stages of losing WhatsApp are one cause. */
export function causeOf(code: ReasonCode | null): ReasonCode | null {
  return STAGES.includes(code) ? STAGES[0]! : code;
}

/** The reason that speaks for all of one cause. */
export function worstOf(codes: readonly (ReasonCode | null)[]): ReasonCode | null {
  return STAGES.find((stage) => codes.includes(stage)) ?? codes[0] ?? null;
}

/**
 * Troubles by event: those of one cause, each of which began within a minute after another. Largest first.
 * Chained, not counted from the first: outlets that wait for their turn to fail do so for minutes on end.
 */
export function sharedCauses(troubles: readonly Trouble[]): SharedCause[] {
  const byCause = new Map<ReasonCode | null, Trouble[]>();
  for (const trouble of troubles) {
    const cause = causeOf(trouble.code);
    const known = byCause.get(cause);
    if (known) known.push(trouble);
    else byCause.set(cause, [trouble]);
  }
  return [...byCause.values()].flatMap(chained).sort((one, other) => other.outletIds.length - one.outletIds.length);
}

/** The event that most of the fleet is in, if there is one. @param fleet how many outlets should be up. */
export function fleetWideCause(troubles: readonly Trouble[], fleet: number): SharedCause | null {
  const [largest] = sharedCauses(troubles);
  const count = largest?.outletIds.length ?? 0;
  return largest && count >= FEWEST && count * 2 > fleet ? largest : null;
}

function chained(troubles: readonly Trouble[]): SharedCause[] {
  const events: Trouble[][] = [];
  for (const trouble of troubles.toSorted((one, other) => one.since - other.since)) {
    const last = events.at(-1);
    if (last && trouble.since - last.at(-1)!.since <= SAME_EVENT_MS) last.push(trouble);
    else events.push([trouble]);
  }
  return events.map((members) => ({
    code: worstOf(members.map(({ code }) => code)),
    since: members[0]!.since,
    outletIds: members.map(({ outletId }) => outletId),
  }));
}
