import type { BlastMedia } from '@koneksi/contracts/blast-content';
import type { Audience, CreateBlast, PreviewBlast } from '@koneksi/contracts/blast-requests';
import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import type { Blast } from '@koneksi/contracts/blasts';
import type { FollowUp } from '@koneksi/contracts/follow-ups';
import type { CreateRepeatingBlast } from '@koneksi/contracts/repeating-blasts';
import { TEXT_LANGUAGES, type TextLanguage } from '@koneksi/contracts/text-language';
import { WAY_OUT, wayOutOf } from '@koneksi/contracts/way-out';
import { localTimeIn } from '../core/zoned-time';

/** A contact that was picked by hand. */
export interface Picked {
  id: string;
  name: string | null;
  phone: string;
}

/** Whom an earlier blast met, and who has not got, read or answered it. */
export interface FollowedBlast {
  blastId: string;
  title: string;
  who: FollowUp;
}

/** All that a person writes or chooses of a blast. Times are as date and time fields hold them. */
export interface DraftContent {
  everyOutlet: boolean;
  outletIds: readonly string[];
  /** Whether numbers and picked contacts are meant, instead of the outlets' contacts. */
  byHand: boolean;
  tags: readonly string[];
  exceptTags: readonly string[];
  phones: string;
  picked: readonly Picked[];
  message: string;
  media: BlastMedia | null;
  title: string;
  later: boolean;
  scheduledAt: string;
  /** Whether it is worth nothing after some time. */
  ends: boolean;
  notAfter: string;
  /** Of the blast it was taken from: what had passed by then, and is not asked for again. */
  passed: Partial<Record<'scheduledAt' | 'notAfter', string>>;
  /** Whether recipients are told how to hear no more, or why not. */
  offersWayOut: boolean;
  noWayOut: string;
  /** In which language they are told so, where that is not the message's own. */
  wayOutLanguage: TextLanguage | null;
  /** Whose recipients are meant, instead of outlets' contacts. */
  follows: FollowedBlast | null;
  /** The blast that this one is to stand for. */
  replaces: string | null;
}

export const NOTHING: DraftContent = {
  everyOutlet: false,
  outletIds: [],
  byHand: false,
  tags: [],
  exceptTags: [],
  phones: '',
  picked: [],
  message: '',
  media: null,
  title: '',
  later: false,
  scheduledAt: '',
  ends: false,
  notAfter: '',
  passed: {},
  offersWayOut: true,
  noWayOut: '',
  wayOutLanguage: null,
  follows: null,
  replaces: null,
};

/** What was meant, never what happens to be able to send now: that the server knows better. */
export function requestOf(draft: DraftContent): PreviewBlast & Pick<CreateBlast, 'title'> {
  return {
    outletIds: draft.everyOutlet ? 'all' : [...draft.outletIds].sort(),
    message: draft.message,
    mediaId: draft.media?.id ?? null,
    audience: audienceOf(draft),
    scheduledAt: draft.later ? draft.scheduledAt : null,
    notAfter: draft.ends ? draft.notAfter : null,
    replaces: draft.replaces,
    wayOutLanguage: draft.wayOutLanguage,
    noWayOut: draft.offersWayOut ? null : draft.noWayOut.trim(),
    title: draft.title.trim() || null,
  };
}

/** What comes again, without when; `null` where it is for people by number, or for those of an earlier blast. */
export function repetitionOf(
  draft: DraftContent,
): Omit<CreateRepeatingBlast, 'title' | 'rule' | 'unknownTagsAcknowledged'> | null {
  if (draft.byHand || draft.follows || draft.replaces) return null;
  const { outletIds, message, mediaId, audience, wayOutLanguage, noWayOut } = requestOf(draft);
  return {
    outletIds,
    message,
    mediaId,
    audience: audience as CreateRepeatingBlast['audience'],
    wayOutLanguage,
    noWayOut,
  };
}

/**
 * What another blast said, to be sent anew, or instead of it while it has not begun. What was to be over by `now` is not
 * asked for again; a time to begin that has passed is the server's to refuse while it stands for another.
 * @param phones of its recipients, where it was for people by number
 * @param now milliseconds since the epoch
 */
export function contentOf(blast: Blast, phones: readonly string[], replaces: boolean, now: number): DraftContent {
  const { audience, outlets, wayOut, message } = blast;
  const fromWest = outlets
    .map(({ zone }) => zone)
    .toSorted((one, other) => OUTLET_ZONES[one].offsetMinutes - OUTLET_ZONES[other].offsetMinutes);
  // An instant becomes a time of day: nowhere it begins earlier than it was to, nor ends later.
  const begins = timeOf(blast.scheduledAt, fromWest.toReversed(), now);
  const ends = timeOf(blast.notAfter, fromWest, now);
  const carried = begins && (replaces || !begins.passed) ? begins.local : null;
  const isOver = ends?.passed === true;
  return {
    ...NOTHING,
    outletIds: audience?.outletIds ?? outlets.map(({ outletId }) => outletId),
    byHand: phones.length > 0,
    phones: phones.join('\n'),
    tags: audience?.tags ?? [],
    exceptTags: audience?.exceptTags ?? [],
    follows: audience?.ofBlast ? { ...audience.ofBlast, title: '' } : null,
    title: blast.title ?? '',
    message,
    media: blast.media,
    later: carried !== null,
    scheduledAt: carried ?? '',
    ends: ends !== null && !isOver,
    notAfter: ends && !isOver ? ends.local : '',
    passed: {
      ...(begins && carried === null && { scheduledAt: begins.local }),
      ...(isOver && { notAfter: ends.local }),
    },
    offersWayOut: wayOut?.how !== 'OFF',
    noWayOut: wayOut?.reason ?? '',
    wayOutLanguage: wayOut?.how === 'APPENDED' ? languageAsked(message, wayOut.line) : null,
    replaces: replaces ? blast.id : null,
  };
}

/** Numbers that were pasted: one a line, or between commas and semicolons. */
export function numbersIn(pasted: string): string[] {
  return pasted
    .split(/[\n\r,;\t]/)
    .map((line) => line.trim())
    .filter(Boolean);
}

function audienceOf({ follows, byHand, phones, picked, tags, exceptTags }: DraftContent): Audience {
  if (follows) return { ofBlast: { blastId: follows.blastId, who: follows.who } };
  if (byHand) {
    const numbers = numbersIn(phones);
    if (numbers.length === 0 && picked.length > 0) return { contactIds: picked.map(({ id }) => id) };
    return { phones: [...picked.map(({ phone }) => phone), ...numbers] };
  }
  if (tags.length) return { tags: [...tags], ...(exceptTags.length && { exceptTags: [...exceptTags] }) };
  return exceptTags.length ? { exceptTags: [...exceptTags] } : 'all';
}

/** `null` where the line below the message is in its own language, as it is without asking. */
function languageAsked(message: string, line: string | null): TextLanguage | null {
  if (wayOutOf(message, null, null).line === line) return null;
  return TEXT_LANGUAGES.find((language) => WAY_OUT[language] === line) ?? null;
}

/** A kept time by the outlets' clocks, and whether it has passed by one of them: an instant becomes the time of day in the first of these zones. */
function timeOf(
  kept: string | null,
  zones: readonly OutletZone[],
  now: number,
): { local: string; passed: boolean } | null {
  if (kept === null) return null;
  const [zone = 'Asia/Jakarta'] = zones;
  const at = /(Z|[+-]\d{2}:?\d{2})$/i.test(kept) ? Date.parse(kept) : null;
  const local = at === null ? kept.slice(0, 16) : localTimeIn(zone, at);
  const passed = at === null ? [zone, ...zones].some((each) => local <= localTimeIn(each, now)) : at <= now;
  return { local, passed };
}
