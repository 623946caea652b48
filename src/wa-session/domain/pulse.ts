const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How long an idle link counts as one that is used. Long enough for WhatsApp to notice, short enough for no one else. */
export const PULSE_MS = 3 * MINUTE_MS;
/** Local hours in which shops sleep; pulses are spread over them. */
const NIGHT = { fromMinute: 1 * 60, toMinute: 5 * 60 };
/** What was missed at night is made up for until shops open. */
const OPENS_AT_MINUTE = 7 * 60;
/** From here on in the evening a pulse counts for the night that comes. */
const EVENING_MINUTE = 22 * 60;
/** WhatsApp drops a link that nobody used for 30 days (faq.whatsapp.com/378279804439436); then any hour will do. */
const ANY_HOUR_AFTER_MS = 20 * DAY_MS;

/** What decides when a link is next shown as used. Instants are milliseconds since the epoch. */
export interface PulseSituation {
  outletId: string;
  /** The outlet's zone: minutes ahead of UTC. */
  offsetMinutes: number;
  /** When it last was; `null` for never. */
  pulsedAt: number | null;
  /** Since when the link could have been used: the first pulse counts from here. */
  linkedSince: number;
}

/**
 * Whether the link is to be shown as used now: once a local day, at night, each outlet at a minute of its own; later
 * the same night where that was missed; and by day alone where a link that never was up at night is near its end.
 */
export function isPulseDue({ outletId, offsetMinutes, linkedSince, ...last }: PulseSituation, now: number): boolean {
  // What claims to be of a later night is of a clock that was set back: nobody knows when it was.
  const pulsedAt = last.pulsedAt !== null && last.pulsedAt - now > DAY_MS ? null : last.pulsedAt;
  const local = (at: number): number => at + offsetMinutes * MINUTE_MS;
  const night = nightOf(local(now));
  if (pulsedAt !== null && nightOf(local(pulsedAt)) >= night) return false;
  if (now - (pulsedAt ?? linkedSince) >= ANY_HOUR_AFTER_MS) return true;
  const minute = Math.floor((local(now) % DAY_MS) / MINUTE_MS);
  return minute < OPENS_AT_MINUTE && minute >= slotOf(outletId);
}

/** Which night an instant belongs to, numbered by the day it ends on. A day ends at its evening. */
function nightOf(local: number): number {
  return Math.floor((local + DAY_MS - EVENING_MINUTE * MINUTE_MS) / DAY_MS);
}

/** The outlet's own minute of the night, the same every day. */
function slotOf(outletId: string): number {
  // FNV-1a: ids that differ in their last digit alone fall far apart.
  let hash = 0x811c9dc5;
  for (const character of outletId) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return NIGHT.fromMinute + (hash % (NIGHT.toMinute - NIGHT.fromMinute));
}
