import type {
  AlertDecision,
  AlertFacts,
  AlertTimings,
  Due,
  DueItem,
  DueKind,
  StruckIncident,
  StruckOutlet,
  Told,
  WatchedRule,
} from './alert-state.js';
import { calmUntil, unplannedSince } from './calm.js';
import { isInScope } from './scope.js';

const MINUTE_MS = 60_000;
/** An outlet that a rule told of, and that was up for less than this since, keeps falling. */
const SHAKY_WITHIN_MS = 30 * MINUTE_MS;
/** How long such an outlet is down, at least, before the rule tells of it again. */
const SHAKY_GRACE_MS = 15 * MINUTE_MS;

/** Further ahead of now than this nothing lies by itself. */
const AHEAD_MS = MINUTE_MS;

/** What a rule may have to say of one incident, and when it does. */
interface Candidate {
  readonly kind: DueKind;
  readonly dueAt: number;
  readonly item: DueItem;
  readonly wasEscalated: boolean;
}

/**
 * What one rule has to say now, given what broke, what it said before, and what time it is. However much is due at once
 * is one message of each kind: it is people who read it.
 */
export function decideAlerts(rule: WatchedRule, known: AlertFacts, now: number, timings: AlertTimings): AlertDecision {
  const facts = beforeNow(known, now);
  const told = Map.groupBy(facts.told, ({ incidentId }) => incidentId);
  const past: Past = {
    lastUp: lastUpOf(facts.incidents, told),
    lastDownTold: lastAt(facts.told.filter(({ kind }) => kind === 'down')),
  };
  const candidates = facts.incidents.flatMap((incident) =>
    candidatesOf(rule, incident, { told: told.get(incident.id) ?? [], past, now, timings }),
  );
  const calm = calmUntil(rule, now);
  const dueAt = (candidate: Candidate): number => Math.max(candidate.dueAt, calm ?? -Infinity);
  const ready = candidates.filter((candidate) => dueAt(candidate) <= now);
  const later = candidates.map(dueAt).filter((at) => at > now && Number.isFinite(at));
  return { due: messagesOf(ready), nextAt: later.length > 0 ? Math.min(...later) : null };
}

/** Nobody waits for a clock that was set back to come to where it was: what lies ahead of it is long ago. */
function beforeNow({ incidents, told }: AlertFacts, now: number): AlertFacts {
  const past = (at: number): number => (at > now + AHEAD_MS ? -Infinity : at);
  return {
    told: told.map((one) => ({ ...one, at: past(one.at) })),
    incidents: incidents.map((incident) => ({
      ...incident,
      endedAt: incident.endedAt === null ? null : past(incident.endedAt),
      outlets: incident.outlets.map((outlet) => ({
        ...outlet,
        since: past(outlet.since),
        until: outlet.until === null ? null : past(outlet.until),
      })),
    })),
  };
}

/** Those to whom an end was passed on hear of it apart, so that nobody hears of what they were never told. */
function messagesOf(ready: readonly Candidate[]): Due[] {
  const groups = Map.groupBy(ready, ({ kind, wasEscalated }) => `${kind} ${wasEscalated}`);
  return [...groups.values()].map((group) => ({
    kind: group[0]!.kind,
    items: group.map(({ item }) => item),
    wasEscalated: group[0]!.wasEscalated,
  }));
}

/** What is the same for all incidents of one decision: there may be thousands of them. */
interface Past {
  /** When each outlet that the rule told of was up again last. */
  readonly lastUp: ReadonlyMap<string, number>;
  /** When the rule last told that something is down. */
  readonly lastDownTold: number;
}

interface Given {
  /** What was said of this incident. */
  readonly told: readonly Told[];
  readonly past: Past;
  readonly now: number;
  readonly timings: AlertTimings;
}

function candidatesOf(rule: WatchedRule, incident: StruckIncident, { told, past, now, timings }: Given): Candidate[] {
  const ends = told.filter(({ kind }) => kind === 'recovered');
  const round = ends.length;
  const downs = told.filter((one) => one.kind === 'down' && one.round === round);
  const down = downCandidate(rule, incident, { past, downs, round, lastEnd: lastAt(ends), now, timings });
  const escalated = told.some((one) => one.kind === 'escalated' && one.round === round);
  const after = downs.length > 0 ? afterwards(rule, incident, { downs, round, escalated, timings }) : null;
  return [down, after].filter((candidate) => candidate !== null);
}

interface Begun {
  readonly downs: readonly Told[];
  readonly round: number;
  readonly escalated: boolean;
  readonly timings: AlertTimings;
}

/** What there is to say of what was told: that it is over, or that nobody takes care. */
function afterwards(rule: WatchedRule, incident: StruckIncident, of: Begun): Candidate | null {
  const { downs, round, escalated, timings } = of;
  const toldIds = idsOf(downs);
  const outlets = incident.outlets.filter(({ outletId }) => toldIds.has(outletId));
  const stillDown = incident.outlets.filter(
    (outlet) => outlet.until === null && (toldIds.has(outlet.outletId) || isIn(rule, outlet)),
  );
  if (stillDown.length === 0 || incident.endedAt !== null) {
    const dueAt = incident.endedAt ?? lastOf(outlets) + timings.settledMs;
    return { kind: 'recovered', dueAt, item: { incident, round, part: 0, outlets }, wasEscalated: escalated };
  }
  if (escalated || incident.isAcknowledged || !rule.escalation) return null;
  const dueAt = downs[0]!.at + rule.escalation.afterMinutes * MINUTE_MS;
  return { kind: 'escalated', dueAt, item: { incident, round, part: 0, outlets: stillDown }, wasEscalated: false };
}

interface Round {
  readonly past: Past;
  /** What was told of in this round. */
  readonly downs: readonly Told[];
  readonly round: number;
  /** When the rule told the end of the round before. */
  readonly lastEnd: number;
  readonly now: number;
  readonly timings: AlertTimings;
}

/** Of an incident that was told of, those that joined it since; they wait twice as long each time. */
function downCandidate(rule: WatchedRule, incident: StruckIncident, of: Round): Candidate | null {
  if (incident.endedAt !== null) return null;
  const { downs, round, past, timings } = of;
  const toldIds = idsOf(downs);
  const outlets = incident.outlets.filter(
    (outlet) => outlet.until === null && isIn(rule, outlet) && !toldIds.has(outlet.outletId),
  );
  const reached = outlets.map((outlet) => graceEnds(rule, outlet, of)).toSorted((one, other) => one - other);
  const enough = reached[downs.length > 0 ? 0 : rule.minOutlets - 1];
  if (enough === undefined) return null;
  const lastOfRule = past.lastDownTold + timings.spacingMs;
  const lastOfIncident = lastAt(downs) + timings.spacingMs * 2 ** Math.max(0, downs.length - 1);
  const dueAt = Math.max(enough, lastOfRule, lastOfIncident);
  return { kind: 'down', dueAt, item: { incident, round, part: downs.length, outlets }, wasEscalated: false };
}

const idsOf = (told: readonly Told[]): ReadonlySet<string> => new Set(told.flatMap(({ outletIds }) => outletIds));

const lastAt = (told: readonly Told[]): number => Math.max(-Infinity, ...told.map(({ at }) => at));

function graceEnds(rule: WatchedRule, outlet: StruckOutlet, { past, round, lastEnd, now }: Round): number {
  const since = unplannedSince(rule, Math.max(outlet.since, lastEnd), now);
  const grace = rule.graceMinutes * MINUTE_MS;
  return since + (round > 0 || isShaky(outlet, past) ? Math.max(grace, SHAKY_GRACE_MS) : grace);
}

/** Whether this rule told of the outlet before, and it was up again only a little while before it fell. */
function isShaky({ outletId, since }: StruckOutlet, { lastUp }: Past): boolean {
  const until = lastUp.get(outletId);
  return until !== undefined && since - until < SHAKY_WITHIN_MS;
}

function lastUpOf(
  incidents: readonly StruckIncident[],
  told: ReadonlyMap<string, readonly Told[]>,
): ReadonlyMap<string, number> {
  const lastUp = new Map<string, number>();
  for (const { id, outlets } of incidents) {
    const toldIds = idsOf((told.get(id) ?? []).filter(({ kind }) => kind === 'down'));
    for (const { outletId, until } of outlets)
      if (until !== null && toldIds.has(outletId))
        lastUp.set(outletId, Math.max(until, lastUp.get(outletId) ?? -Infinity));
  }
  return lastUp;
}

function isIn({ scope }: WatchedRule, outlet: StruckOutlet): boolean {
  return isInScope(outlet, scope);
}

const lastOf = (outlets: readonly StruckOutlet[]): number =>
  Math.max(-Infinity, ...outlets.map(({ until }) => until ?? -Infinity));
