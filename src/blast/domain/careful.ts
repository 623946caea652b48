import type { OutletZone } from '@koneksi/contracts/blast-states';
import { minuteOfDay, nextMidnight } from './local-time.js';

/** How carefully an outlet sends. Durations are milliseconds; caps are messages a day of its zone. */
export interface Carefulness {
  zone: OutletZone;
  paceMinMs: number;
  paceMaxMs: number;
  newChatsPerDay: number;
  knownChatsPerDay: number;
  /** Over so many days of sending the caps grow to their full height. */
  warmUpDays: number;
  quietHours: { from: string; to: string } | null;
}

/** What an outlet sent on the day in question, and which day of sending it is, from 1. */
export interface Usage {
  newChats: number;
  knownChats: number;
  sendingDay: number;
}

export interface Caps {
  newChats: number;
  knownChats: number;
}

/** No public safe number exists; these are on the careful side of what people report. */
export const CAREFUL: Omit<Carefulness, 'paceMinMs' | 'paceMaxMs'> = {
  zone: 'Asia/Jakarta',
  newChatsPerDay: 20,
  knownChatsPerDay: 200,
  warmUpDays: 7,
  quietHours: { from: '20:00', to: '08:00' },
};

/** Pacing off, for tests and benches: nothing holds unless the outlet's own settings say so. */
export const UNHURT: typeof CAREFUL = {
  zone: 'Asia/Jakarta',
  newChatsPerDay: 100_000,
  knownChatsPerDay: 100_000,
  warmUpDays: 0,
  quietHours: null,
};

/** `random` is from 0 up to, not including, 1. */
export function pauseMs(
  { paceMinMs, paceMaxMs }: Pick<Carefulness, 'paceMinMs' | 'paceMaxMs'>,
  random: number,
): number {
  return Math.round(paceMinMs + random * (paceMaxMs - paceMinMs));
}

/** A new number starts small: on day n of the warm-up, n parts of it. */
export function capsOn(sendingDay: number, careful: Carefulness): Caps {
  const { warmUpDays, newChatsPerDay, knownChatsPerDay } = careful;
  const part = warmUpDays > 0 ? Math.min(1, Math.max(1, sendingDay) / warmUpDays) : 1;
  return { newChats: Math.ceil(newChatsPerDay * part), knownChats: Math.ceil(knownChatsPerDay * part) };
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** When the quiet hours end that `at` lies in; `null` outside of them. */
export function quietUntil(at: number, { quietHours, zone }: Pick<Carefulness, 'quietHours' | 'zone'>): number | null {
  if (!quietHours) return null;
  const [from, to] = [minutesOf(quietHours.from), minutesOf(quietHours.to)];
  const minute = minuteOfDay(at, zone);
  const isQuiet = from <= to ? minute >= from && minute < to : minute >= from || minute < to;
  if (!isQuiet) return null;
  const minutesLeft = to > minute ? to - minute : to + 24 * 60 - minute;
  return Math.round(at + minutesLeft * 60_000);
}

/** What WhatsApp itself says of chats with people it does not know. Instants are milliseconds since the epoch. */
export interface WhatsappLimit {
  /** No chat may be started before. */
  lockedUntil: number | null;
  /** How many may still be started; `null` where it counts none. */
  left: number | null;
  /** When they are counted anew; at the end of the day where it does not say. */
  countedAgainAt: number | null;
}

const UNLIMITED: WhatsappLimit = { lockedUntil: null, left: null, countedAgainAt: null };

/** When somebody new may be written to, where that is not now. @param quota how many still may be */
function opensAt(at: number, { lockedUntil }: WhatsappLimit, quota: number, countedAgainAt: number): number | null {
  if (lockedUntil !== null && lockedUntil > at) return lockedUntil;
  return quota === 0 && countedAgainAt > at ? countedAgainAt : null;
}

export interface Span {
  /** `null` where nobody is written to: ever, or before the end. */
  startsAt: number | null;
  /** `null` where a cap of 0 leaves somebody out for as long as it stands and there is no end. */
  finishesAt: number | null;
  /** What puts the start or the end off; `null` where nothing does. */
  waitsFor: 'QUIET_HOURS' | 'DAILY_CAP' | 'ZERO_CAP' | 'WHATSAPP_LIMIT' | 'OTHER_BLASTS' | null;
  /** What takes most of the time; `null` where there is none to speak of. */
  slowest: Slowest | null;
  /** How many have not left by the end that was set; 0 without one. */
  late: number;
}

export interface Slowest {
  code: 'NEW_CHATS' | 'KNOWN_CHATS' | 'QUIET_HOURS' | 'PACE' | 'WHATSAPP_LIMIT';
  /** The cap of the first day, for caps. */
  perDay: number | null;
  /** How many days of the outlet's zone it sends on. */
  days: number;
  /** Whether the cap still grows. */
  warmingUp: boolean;
}

/** What one blast has to send at an outlet, and when. Instants are milliseconds since the epoch. */
export interface Load {
  from: number;
  /** What has not left by then never does; `null` for no end. */
  until: number | null;
  newChats: number;
  knownChats: number;
}

/**
 * When this many messages will be out, with pauses, caps, quiet hours and WhatsApp's limits as they are known now.
 * @param usage of the day of `start`, or of the earliest of `ahead`
 * @param until from then on nothing leaves any more; `null` for no end
 * @param ahead what the outlet sends first wherever it may, in its order
 */
export function finishesAt(
  start: number,
  recipients: { newChats: number; knownChats: number },
  careful: Carefulness,
  usage: Usage,
  limit: WhatsappLimit = UNLIMITED,
  until: number | null = null,
  ahead: readonly Load[] = [],
): Span {
  const stepMs = (careful.paceMinMs + careful.paceMaxMs) / 2;
  const allowed = ({ from, until: ends, newChats, knownChats }: Load): Load => ({
    from,
    until: ends,
    newChats: careful.newChatsPerDay > 0 ? newChats : 0,
    knownChats: careful.knownChatsPerDay > 0 ? knownChats : 0,
  });
  // Its own end is told by `until`: when it would be out without one is asked for too.
  const left = allowed({ from: start, until: null, ...recipients });
  const queue = [...ahead.map(allowed), left];
  let at = Math.min(...queue.map(({ from }) => from));
  let startsAt: number | null = null;
  let waitsFor: Span['waitsFor'] = null;
  const isNever = left.newChats < recipients.newChats || left.knownChats < recipients.knownChats;
  const taken: Record<Slowest['code'], number> = {
    NEW_CHATS: 0,
    KNOWN_CHATS: 0,
    QUIET_HOURS: 0,
    PACE: 0,
    WHATSAPP_LIMIT: 0,
  };
  /** Passes this time; what lies before `start` is nobody's wait. */
  const pass = (to: number, code: Slowest['code'], waited: Span['waitsFor']): void => {
    taken[code] += Math.max(0, to - Math.max(at, start));
    if (startsAt === null && to > start) waitsFor ??= waited;
    at = to;
  };
  const countedAgainAt = limit.countedAgainAt ?? nextMidnight(at, careful.zone);
  let quota = limit.left ?? Number.POSITIVE_INFINITY;
  let inTime = 0;
  let days = 0;
  let spent: Caps = { newChats: usage.newChats, knownChats: usage.knownChats };
  let day = usage.sendingDay;
  for (let round = 0; left.newChats + left.knownChats > 0 && round < 3_650; round++) {
    const caps = capsOn(day, careful);
    const tomorrow = nextMidnight(at, careful.zone);
    let isShut = false;
    while (at < tomorrow && left.newChats + left.knownChats > 0) {
      if (at >= countedAgainAt) quota = Number.POSITIVE_INFINITY;
      const opens = opensAt(at, limit, quota, countedAgainAt);
      const known = (load: Load): number => Math.min(load.knownChats, Math.max(0, caps.knownChats - spent.knownChats));
      const fresh = (load: Load): number => Math.min(load.newChats, Math.max(0, caps.newChats - spent.newChats));
      const due = queue.filter((load) => load.from <= at && at < endOf(load));
      const comes = Math.min(tomorrow, ...queue.flatMap(({ from }) => (from > at ? [from] : [])));
      const turn = due.find((load) => known(load) > 0 || (opens === null && fresh(load) > 0));
      if (turn === undefined && opens !== null && due.some((load) => fresh(load) > 0)) {
        pass(Math.min(opens, comes), 'WHATSAPP_LIMIT', 'WHATSAPP_LIMIT');
        isShut = true;
        continue;
      }
      isShut = false;
      const quiet = quietUntil(at, careful);
      if (quiet !== null) {
        pass(quiet, 'QUIET_HOURS', 'QUIET_HOURS');
        continue;
      }
      if (turn === undefined) {
        if (comes === tomorrow) break;
        at = comes;
        continue;
      }
      const goesOn = Math.min(comes, quietBegins(at, careful), endOf(turn));
      const fits = stepMs > 0 ? Math.max(1, Math.floor((goesOn - at) / stepMs)) : Number.POSITIVE_INFINITY;
      const knownNow = Math.min(known(turn), fits);
      const freshNow = opens === null ? Math.min(fresh(turn), fits - knownNow, quota) : 0;
      if (turn === left) {
        startsAt ??= at;
        inTime += leaveBefore(until, at, knownNow + freshNow, stepMs);
      }
      turn.knownChats -= knownNow;
      turn.newChats -= freshNow;
      quota -= freshNow;
      spent = { newChats: spent.newChats + freshNow, knownChats: spent.knownChats + knownNow };
      pass(at + (knownNow + freshNow) * stepMs, 'PACE', 'OTHER_BLASTS');
    }
    const hasSent = spent.newChats + spent.knownChats > 0;
    if (tomorrow > start && (hasSent || !isShut)) days++;
    if (left.newChats + left.knownChats === 0) break;
    // A day on which nothing leaves warms nobody up.
    if (hasSent || (!isShut && tomorrow > start)) day++;
    const waiting = queue.filter((load) => load.newChats + load.knownChats > 0 && tomorrow < endOf(load));
    const next = Math.min(...waiting.map(({ from }) => from));
    pass(Math.max(at, tomorrow, next), left.newChats > 0 ? 'NEW_CHATS' : 'KNOWN_CHATS', 'DAILY_CAP');
    spent = { newChats: 0, knownChats: 0 };
  }
  const slowest = slowestOf(taken, days, careful, usage);
  const late = until === null ? 0 : recipients.newChats + recipients.knownChats - inTime;
  const ends = isNever ? null : Math.round(Math.max(at, start));
  return {
    startsAt: beforeEnd(isNever ? startsAt : (startsAt ?? Math.max(at, start)), until),
    // Whoever was not written to by then is left out, and it is over.
    finishesAt: until === null ? ends : Math.min(ends ?? until, until),
    waitsFor: isNever ? 'ZERO_CAP' : waitsFor,
    slowest,
    late,
  };
}

const endOf = ({ until }: Load): number => until ?? Number.POSITIVE_INFINITY;

const beforeEnd = (at: number | null, until: number | null): number | null =>
  at !== null && until !== null && at >= until ? null : at;

/** Of so many, of which the first leaves at once and each other a step later. */
function leaveBefore(until: number | null, at: number, count: number, stepMs: number): number {
  if (until === null) return count;
  if (at >= until) return 0;
  return stepMs > 0 ? Math.min(count, Math.ceil((until - at) / stepMs)) : count;
}

/** The nights between two days of a cap are the cap's doing: without it there would be no second day. */
function slowestOf(
  taken: Record<Slowest['code'], number>,
  days: number,
  careful: Carefulness,
  { sendingDay }: Usage,
): Slowest | null {
  const caps = capsOn(sendingDay, careful);
  const isCapped = taken.NEW_CHATS + taken.KNOWN_CHATS > 0;
  const [code, ms] = (Object.entries(taken) as [Slowest['code'], number][])
    .filter(([each]) => !isCapped || each !== 'QUIET_HOURS')
    .reduce((most, each) => (each[1] > most[1] ? each : most));
  if (ms < 60_000) return null;
  const perDay = code === 'NEW_CHATS' ? caps.newChats : code === 'KNOWN_CHATS' ? caps.knownChats : null;
  return { code, perDay, days, warmingUp: perDay !== null && sendingDay < careful.warmUpDays };
}

function quietBegins(at: number, { quietHours, zone }: Carefulness): number {
  if (!quietHours) return Number.POSITIVE_INFINITY;
  const minute = minuteOfDay(at, zone);
  const from = minutesOf(quietHours.from);
  return at + (from > minute ? from - minute : from + 24 * 60 - minute) * 60_000;
}
