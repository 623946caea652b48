import type { WarningFact } from '@koneksi/contracts/outlet-warnings';

const DAY_MS = 86_400_000;
/** Without its phone for so long WhatsApp unlinks every companion (faq.whatsapp.com/378279804439436). */
export const PHONE_AWAY_ENDS_MS = 14 * DAY_MS;
/** The two steps at which mautrix/whatsapp asks the phone and then shows a bad state (`pkg/connector/phoneping.go`). */
export const PHONE_AWAY_WARN_MS = 10 * DAY_MS;
const PHONE_AWAY_PROBLEM_MS = 12 * DAY_MS;
/** A stall is mended at once; so long people still read of it. */
const STALL_TOLD_MS = 60 * 60_000;
/** What was given up unread somebody has to look at, and does within a day. */
const UNREAD_TOLD_MS = DAY_MS;

/**
 * How long a client version may go unconfirmed: WhatsApp makes a new one most days, and its phones refuse to link old
 * ones without a word to them (WhiskeySockets/Baileys#2679). From when on, nobody has told.
 */
export const CLIENT_OLD_AFTER_MS = 14 * DAY_MS;

/** From so many losses a day on an outlet is not one that works, whatever it does right now; as its strip judges. */
const UNSTABLE_FROM = 4;

/** What is known of a phone's life. Milliseconds since the epoch. */
export interface PhoneSigns {
  /** When the phone itself was last heard of. */
  readonly phoneSeenAt: number | null;
  /** Since when it would be heard of, where nobody listened before that for so long that its silence until then says nothing. */
  readonly listeningSince: number | null;
}

/** What warnings follow from. Milliseconds since the epoch. */
export interface Symptoms extends PhoneSigns {
  /** When it last lost what it had without anybody wanting that: of the last day, the oldest first, no more than count. */
  readonly lostAt: readonly number[];
  /** When stanzas were found that nobody processed. */
  readonly stalledAt: number | null;
  /** When something that came was given up unread. */
  readonly unreadAt: number | null;
  /** When the client version in use was last known to be WhatsApp's newest; `null` where nobody asks. */
  readonly clientKnownAt: number | null;
}

/** Since when the silence of a phone counts; `null` where nobody ever listened for it. */
export const silentSince = ({ phoneSeenAt, listeningSince }: PhoneSigns): number | null =>
  phoneSeenAt === null ? listeningSince : Math.max(phoneSeenAt, listeningSince ?? phoneSeenAt);

const iso = (instant: number): string => new Date(instant).toISOString();

function phoneWarning(signs: PhoneSigns, heard: number): WarningFact[] {
  const silent = silentSince(signs);
  if (silent === null || heard - silent < PHONE_AWAY_WARN_MS) return [];
  // What counts is the silence we heard; what is told is when there was a sign.
  const seenAt = signs.phoneSeenAt ?? silent;
  return [
    {
      code: 'PHONE_NOT_SEEN',
      level: heard - silent >= PHONE_AWAY_PROBLEM_MS ? 'problem' : 'warning',
      since: iso(seenAt),
      until: iso(seenAt + PHONE_AWAY_ENDS_MS),
    },
  ];
}

/** One loss more. */
export const withLoss = (lostAt: readonly number[], now: number): readonly number[] =>
  [...lostAt, Math.round(now)].slice(-UNSTABLE_FROM);

/** The losses that still count. */
export const lately = (lostAt: readonly number[], now: number): readonly number[] =>
  lostAt.every((at) => now - at < DAY_MS) ? lostAt : lostAt.filter((at) => now - at < DAY_MS);

/** What an earlier process knew, as far as its warning tells. */
export function lossesTold(warnings: readonly WarningFact[]): readonly number[] {
  const since = warnings.find(({ code }) => code === 'UNSTABLE')?.since;
  return since === undefined ? [] : Array<number>(UNSTABLE_FROM).fill(Date.parse(since));
}

/** When an earlier process last gave something up unread, as far as its warning tells. */
export function unreadTold(warnings: readonly WarningFact[]): number | null {
  const told = warnings.find(({ code, level }) => code === 'INBOUND_STALLED' && level === 'problem');
  return told ? Date.parse(told.since) : null;
}

function stallWarning({ stalledAt, unreadAt }: Symptoms, now: number): WarningFact[] {
  const told = (level: WarningFact['level'], at: number): WarningFact[] => [
    { code: 'INBOUND_STALLED', level, since: iso(at), until: null },
  ];
  if (unreadAt !== null && now - unreadAt < UNREAD_TOLD_MS) return told('problem', unreadAt);
  return stalledAt !== null && now - stalledAt < STALL_TOLD_MS ? told('warning', stalledAt) : [];
}

/**
 * The gravest first.
 * @param heard until when the silence of the phone counts; `null` where it does not
 */
export function warningsOf(symptoms: Symptoms, now: number, heard: number | null = now): WarningFact[] {
  const { lostAt, clientKnownAt } = symptoms;
  const warnings = heard === null ? [] : phoneWarning(symptoms, heard);
  const [first] = lostAt;
  if (first !== undefined && lostAt.length >= UNSTABLE_FROM && now - first < DAY_MS) {
    warnings.push({ code: 'UNSTABLE', level: 'warning', since: iso(first), until: null });
  }
  warnings.push(...stallWarning(symptoms, now));
  if (clientKnownAt !== null && now - clientKnownAt >= CLIENT_OLD_AFTER_MS) {
    warnings.push({ code: 'CLIENT_OLD', level: 'warning', since: iso(clientKnownAt), until: null });
  }
  return warnings;
}

/** When `warningsOf` next answers something else by time alone; `null` where it will not. */
export function warningsChangeAt(
  { lostAt, stalledAt, unreadAt, clientKnownAt, ...signs }: Symptoms,
  now: number,
  heard: number | null = now,
): number | null {
  const silent = silentSince(signs);
  const instants = lostAt.slice(0, 1).map((at) => at + DAY_MS);
  // A silence that does not grow changes nothing.
  if (silent !== null && heard === now) instants.push(silent + PHONE_AWAY_WARN_MS, silent + PHONE_AWAY_PROBLEM_MS);
  if (stalledAt !== null) instants.push(stalledAt + STALL_TOLD_MS);
  if (unreadAt !== null) instants.push(unreadAt + UNREAD_TOLD_MS);
  if (clientKnownAt !== null) instants.push(clientKnownAt + CLIENT_OLD_AFTER_MS);
  const ahead = instants.filter((at) => at > now);
  return ahead.length > 0 ? Math.min(...ahead) : null;
}
