import type { AlertContent, AlertItem } from '@koneksi/contracts/alert-texts';
import type { AlertKind, AlertRule } from '@koneksi/contracts/alerts';
import type { DueItem } from './domain/alert-state.js';

/** How many outlets of an incident are named. */
const NAMED = 20;

/** What a message tells, before it is worded for whoever reads it. */
export function contentOf(
  { kind, items }: { kind: AlertKind; items: readonly DueItem[] },
  { name, zone }: Pick<AlertRule, 'name' | 'zone'>,
  at: string,
): AlertContent {
  const outletIds = new Set(items.flatMap(({ outlets }) => outlets.map(({ outletId }) => outletId)));
  return {
    kind,
    ruleName: name,
    zone,
    at,
    items: items.map((item) => toItem(item, at)),
    ...(outletIds.size === 1 && { outletId: [...outletIds][0]! }),
  };
}

function toItem({ incident, outlets }: DueItem, at: string): AlertItem {
  const untils = outlets.map(({ until }) => until);
  const isOver = incident.endedAt !== null || untils.every((until) => until !== null);
  const last = Math.max(...untils.map((until) => until ?? incident.endedAt ?? -Infinity));
  const since = Math.min(...outlets.map((outlet) => outlet.since));
  return {
    code: incident.code,
    // Times and numbers in it are those of one outlet.
    params: incident.outlets.length === 1 ? incident.params : {},
    since: instant(since, at),
    until: isOver ? instant(last, at) : null,
    outlets: outlets.length,
    names: outlets.slice(0, NAMED).map((outlet) => outlet.name),
  };
}

/** Whoever knows no instant, as after a clock was set, says now. */
const instant = (ms: number, now: string): string => (Number.isFinite(ms) ? new Date(ms).toISOString() : now);
