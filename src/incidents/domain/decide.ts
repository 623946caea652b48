import { causeOf, SAME_EVENT_MS, worstOf } from '@koneksi/contracts/shared-cause';
import { REASON_STATUS, type ReasonCode } from '@koneksi/contracts/outlet-status';
import type {
  Decision,
  Fall,
  IncidentState,
  IncidentTimings,
  Member,
  OpenIncident,
  Sighting,
} from './incident-state.js';

/** What is being decided: the state, as far as it has changed. */
interface Draft {
  readonly open: Map<string, OpenIncident>;
  readonly falls: Map<string, Fall>;
  readonly recovered: Map<string, number>;
}

/**
 * Which incidents there are, given what was known, what was seen since, and what time it is.
 * @param newId an id for an incident that begins
 */
export function decide(
  before: IncidentState,
  sightings: readonly Sighting[],
  now: number,
  timings: IncidentTimings,
  newId: () => string,
): Decision {
  const draft: Draft = {
    open: new Map(before.open),
    falls: new Map(before.falls),
    recovered: new Map([...before.recovered].filter(([, at]) => now - at < timings.relapseWithinMs)),
  };
  for (const sighting of sightings) see(draft, sighting);
  count(draft, now, timings, newId);
  const touched = [...draft.open.values()].filter((incident) => before.open.get(incident.id) !== incident);
  const closed = [...draft.open.values()]
    .filter((incident) => settledAt(incident, timings) <= now)
    .map((incident) => ({ incident, endedAt: lastOf(incident) }));
  for (const { incident } of closed) draft.open.delete(incident.id);
  return {
    state: draft,
    opened: touched.filter(({ id }) => !before.open.has(id)),
    changed: touched.filter(({ id }) => before.open.has(id) && draft.open.has(id)),
    closed,
    nextAt: nextAt(draft, timings),
  };
}

/** When the last of an incident's outlets was well again. */
function lastOf({ members }: OpenIncident): number {
  let last = -Infinity;
  for (const { until } of members.values()) last = Math.max(last, until ?? -Infinity);
  return last;
}

function see(draft: Draft, { outletId, name, at, condition }: Sighting): void {
  const home = [...draft.open.values()].find(({ members }) => members.get(outletId)?.until === null);
  switch (condition.kind) {
    case 'in-hand':
      draft.falls.delete(outletId);
      return;
    case 'well':
      draft.falls.delete(outletId);
      if (home) leave(draft, home, outletId, at, false);
      return;
    case 'off':
      draft.falls.delete(outletId);
      for (const incident of draft.open.values()) leave(draft, incident, outletId, at, true);
      return;
    case 'down': {
      const { code, params } = condition;
      if (home && belongs(code, home)) return put(draft, { ...home, ...worse(home, { code, params }) });
      if (home) leave(draft, home, outletId, at, true);
      const former = [...draft.open.values()].find(
        (incident) => incident.members.has(outletId) && causeOf(incident.code) === causeOf(code),
      );
      if (former) return relapse(draft, former, outletId);
      const since = draft.falls.get(outletId)?.since ?? at;
      draft.falls.set(outletId, { outletId, name, since, code, params });
    }
  }
}

/** Whoever tries to connect, or says nothing, is not down for another cause than before. */
function belongs(code: ReasonCode | null, incident: OpenIncident): boolean {
  return code === null || REASON_STATUS[code] === 'CONNECTING' || causeOf(code) === causeOf(incident.code);
}

type Told = Pick<Fall, 'code' | 'params'>;

function worse(one: Told, other: Told): Told {
  if (one.code === null || causeOf(one.code) !== causeOf(other.code)) return { code: one.code, params: one.params };
  const { code, params } = worstOf([one.code, other.code]) === one.code ? one : other;
  return { code, params };
}

function put(draft: Draft, incident: OpenIncident): void {
  const before = draft.open.get(incident.id);
  if (before?.code === incident.code && before.members === incident.members) return;
  draft.open.set(incident.id, incident);
}

function withMember(draft: Draft, incident: OpenIncident, member: Member): void {
  put(draft, { ...incident, members: new Map(incident.members).set(member.outletId, member) });
}

function leave(draft: Draft, incident: OpenIncident, outletId: string, at: number, gone: boolean): void {
  const member = incident.members.get(outletId);
  if (!member || member.gone) return;
  if (member.until === null) draft.recovered.set(outletId, at);
  withMember(draft, incident, { ...member, until: member.until ?? Math.max(at, member.since), gone });
}

function relapse(draft: Draft, incident: OpenIncident, outletId: string): void {
  const member = incident.members.get(outletId)!;
  withMember(draft, incident, { ...member, until: null, gone: false, relapses: member.relapses + 1 });
}

/** Counts whoever has been down for long enough: into an incident that began with it, or as a new one. */
function count(draft: Draft, now: number, { afterMs }: IncidentTimings, newId: () => string): void {
  const falls = [...draft.falls.values()].toSorted((one, other) => one.since - other.since);
  for (const fall of falls.filter(({ since }) => now - since >= afterMs)) {
    if (!draft.falls.has(fall.outletId)) continue;
    const home = [...draft.open.values()].findLast((incident) => isOf(fall, incident));
    if (home) join(draft, home, [fall]);
    else join(draft, begun(newId(), fall), following(fall, falls, draft));
  }
}

/** Chained, not counted from the first: outlets that wait for their turn to fail do so for minutes on end. */
function isOf({ code, since }: Fall, { code: told, startedAt, lastFellAt }: OpenIncident): boolean {
  const isInTime = since >= startedAt - SAME_EVENT_MS && since <= lastFellAt + SAME_EVENT_MS;
  return causeOf(code) === causeOf(told) && isInTime;
}

/** Those that fell with the first one, although not all have been down for so long. */
function following(first: Fall, falls: readonly Fall[], { falls: waiting }: Draft): Fall[] {
  const together = [first];
  for (const fall of falls) {
    if (fall === first || !waiting.has(fall.outletId) || causeOf(fall.code) !== causeOf(first.code)) continue;
    if (fall.since >= first.since && fall.since - together.at(-1)!.since <= SAME_EVENT_MS) together.push(fall);
  }
  return together;
}

function begun(id: string, { since, code, params }: Fall): OpenIncident {
  return { id, code, params, startedAt: since, lastFellAt: since, members: new Map() };
}

function join(draft: Draft, incident: OpenIncident, falls: readonly Fall[]): void {
  const members = new Map(incident.members);
  let told: Told = incident;
  let { startedAt, lastFellAt } = incident;
  for (const { outletId, name, since, code, params } of falls) {
    draft.falls.delete(outletId);
    const relapses = draft.recovered.has(outletId) ? 1 : 0;
    members.set(outletId, { outletId, name, since, until: null, relapses, gone: false });
    told = worse(told, { code, params });
    startedAt = Math.min(startedAt, since);
    lastFellAt = Math.max(lastFellAt, since);
  }
  put(draft, { ...incident, code: told.code, params: told.params, startedAt, lastFellAt, members });
}

/** When all of it will have been well for long enough; infinite while one is down. */
function settledAt({ members }: OpenIncident, { wellForMs, shakyWellForMs }: IncidentTimings): number {
  let at = -Infinity;
  for (const { until, relapses, gone } of members.values()) {
    if (until === null) return Infinity;
    at = Math.max(at, gone ? until : until + (relapses > 0 ? shakyWellForMs : wellForMs));
  }
  return at;
}

function nextAt({ open, falls }: Draft, timings: IncidentTimings): number | null {
  const due = [
    ...[...open.values()].map((incident) => settledAt(incident, timings)),
    ...[...falls.values()].map(({ since }) => since + timings.afterMs),
  ].filter(Number.isFinite);
  return due.length > 0 ? Math.min(...due) : null;
}
