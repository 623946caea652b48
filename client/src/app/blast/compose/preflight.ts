import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import type { BlastPreview, OutletPreview } from '@koneksi/contracts/blast-preview';
import { isOverBefore, saysWhen } from './says-when';

const DAY_MS = 86_400_000;

type Estimate = NonNullable<OutletPreview['estimate']>;

/** The whole of a blast in time. Instants in milliseconds; `null` where there is no end. */
export interface Span {
  startsAt: number;
  finishesAt: number | null;
  zone: OutletZone;
  slowest: (NonNullable<Estimate['slowest']> & { outletName: string }) | null;
}

/** From the first message of any outlet to the last; why it takes so long is the last outlet's. */
export function spanOf({ outlets }: Pick<BlastPreview, 'outlets'>): Span | null {
  const timed = outlets.flatMap(({ estimate, outletName }) => (estimate ? [{ ...estimate, outletName }] : []));
  const starts = timed.flatMap(({ startsAt }) => (startsAt ? [Date.parse(startsAt)] : []));
  if (starts.length === 0) return null;
  const endless = timed.find(({ finishesAt }) => finishesAt === null);
  const last =
    endless ??
    timed.reduce((one, other) => (Date.parse(other.finishesAt!) > Date.parse(one.finishesAt!) ? other : one));
  return {
    startsAt: Math.min(...starts),
    finishesAt: last.finishesAt === null ? null : Date.parse(last.finishesAt),
    zone: last.zone,
    slowest: last.slowest && { ...last.slowest, outletName: last.outletName },
  };
}

/** What must be seen before anything leaves. */
export type Alarm = 'says-when' | 'long' | 'endless' | 'repeat';

export function alarmsOf(preview: BlastPreview, message: string, span: Span | null): Alarm[] {
  const said = saysWhen(message);
  const ends = span?.finishesAt ?? null;
  const isPast =
    said !== null &&
    span !== null &&
    ends !== null &&
    isOverBefore(said.when, span.startsAt, ends, OUTLET_ZONES[span.zone].offsetMinutes);
  const alarms: [boolean, Alarm][] = [
    [preview.repeat !== null, 'repeat'],
    [isPast, 'says-when'],
    [!isPast && span !== null && ends !== null && ends - span.startsAt > DAY_MS, 'long'],
    [span !== null && ends === null, 'endless'],
  ];
  return alarms.flatMap(([is, alarm]) => (is ? [alarm] : []));
}
