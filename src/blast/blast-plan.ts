import { CAPTION_MAX, MESSAGE_MAX } from '@koneksi/contracts/blast-limits';
import {
  fixedLengthOf,
  isEmptyWithout,
  slotsOf,
  unknownVariables,
  variablesOf,
  type Slot,
} from '@koneksi/contracts/blast-template';
import { nearMissesOf, type NearMiss } from '@koneksi/contracts/blast-near-misses';
import type { UnknownTag } from '@koneksi/contracts/blast-preview';
import type { AudienceCount, BlastVocabulary, CountAudience, PreviewBlast } from '@koneksi/contracts/blast-requests';
import { FIELD_TEXTS } from '@koneksi/contracts/field-texts';
import type { Reason } from '@koneksi/contracts/outlet-status-schema';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { wayOutLength, wayOutOf, type WayOut } from '@koneksi/contracts/way-out';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Clock } from '../common/clock.js';
import { DomainError } from '../common/domain-error.js';
import { fieldProblem, ValidationFailed, type FieldProblem } from '../common/validation-failed.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { SendingDesk } from '../wa-session/desk/sending-desk.js';
import type { AudienceRequest, PickedOutlet } from './audience-request.js';
import { Audience } from './audience.js';
import { outletsOf } from './blast-reader.js';
import { unknownAmong } from './domain/unknown-tags.js';
import { readPasted } from './domain/pasted-numbers.js';
import { instantOf } from './domain/local-time.js';
import { Limits, type OutletLimits } from './limits/limits.js';
import { MediaStore } from './media/media-store.js';

/** Of the contacts' own fields, in a sentence about those that there are not. */
const MOST_NAMED = 20;

/** What a contact's own field may stand between where somebody took it for a variable. */
const NEARLY = /[{}[<%#_*@]/;

/** A phone may be late by this much without its schedule lying in the past. Milliseconds. */
const LATE_BY_MS = 60_000;

export interface PlannedOutlet extends PickedOutlet {
  healthy: boolean;
  reason: Reason | null;
  limits: OutletLimits;
  /** When it may begin; `null` for at once. Milliseconds since the epoch. */
  notBefore: number | null;
  /** When it is too late; `null` for never. Milliseconds since the epoch. */
  notAfter: number | null;
}

/** What was looked at when it was ordered. */
export type Due = Pick<AudienceRequest, 'exceptWithin'>;

/** A request that was looked at: everything in it exists and may be used by who asks. */
export interface BlastPlan {
  outlets: PlannedOutlet[];
  /** What is filled in, in order. */
  slots: Slot[];
  wayOut: WayOut;
  request: AudienceRequest;
}

/** Checks what a blast asks for. */
@Injectable()
export class BlastPlanner {
  constructor(
    private readonly outlets: OutletsService,
    private readonly desk: SendingDesk,
    private readonly limits: Limits,
    private readonly audience: Audience,
    private readonly media: MediaStore,
    private readonly clock: Clock,
  ) {}

  /**
   * `due`: one whose time may have come, and passed.
   * @throws `OUTLET_NOT_FOUND` and `VALIDATION_FAILED`, naming each field.
   */
  async plan(caller: Caller, body: PreviewBlast, locale: Locale, due: Due | null = null): Promise<BlastPlan> {
    const outlets = await this.planOutlets(caller, body, locale);
    await this.check(caller, body, outlets, due !== null);
    await this.checkFollowUp(body.audience, outlets);
    const mayBeEmpty = body.mediaId === null && isEmptyWithout(body.message);
    const request = {
      outlets,
      audience: body.audience,
      exceptWithin: due ? due.exceptWithin : outletsOf(caller),
      seenOutlets: outletsOf(caller),
      variables: variablesOf(body.message),
      mayBeEmpty,
      isLater: body.scheduledAt !== null,
    };
    const wayOut = wayOutOf(body.message, body.wayOutLanguage, body.noWayOut);
    return { outlets, slots: slotsOf(body.message), wayOut, request };
  }

  /** What is filled in counts, and the way out: no recipient's text may be longer than WhatsApp takes. @throws `VALIDATION_FAILED` */
  checkLength({ outlets, slots, wayOut }: BlastPlan, body: PreviewBlast, filled: ReadonlyMap<string, number>): void {
    const limit = body.mediaId === null ? MESSAGE_MAX : CAPTION_MAX;
    const names = slots.filter(({ name }) => name === 'outlet').length;
    const fixed = fixedLengthOf(body.message) + wayOutLength(body.message, wayOut.line);
    const lengths = outlets.flatMap(({ id, name }) => {
      const units = filled.get(id);
      return units === undefined ? [] : [fixed + units + names * name.trim().length];
    });
    const longest = Math.max(0, ...lengths);
    if (longest > limit) throw new ValidationFailed([{ field: 'message', text: tooLongTexts(longest, limit) }]);
  }

  /** What contacts of the caller's outlets offer to messages and audiences. */
  async vocabulary(caller: Caller): Promise<BlastVocabulary> {
    const ids = (await this.outlets.list(caller)).map(({ id }) => id);
    const [fields, tags, contacts, limits] = await Promise.all([
      this.audience.fieldsOf(ids),
      this.audience.tagsOf(ids),
      this.audience.contactsOf(ids),
      this.limits.of(ids),
    ]);
    const zones = [...limits].map(([outletId, { careful }]) => ({ outletId, zone: careful.zone }));
    return { fields: fields.sort(), tags, contacts, zones };
  }

  /** How many a preview would reach, were all outlets connected, while no message is known yet. @throws `OUTLET_NOT_FOUND` */
  async count(caller: Caller, { outletIds, audience, scheduledAt }: CountAudience): Promise<AudienceCount> {
    const planned = await this.planOutlets(caller, { outletIds, scheduledAt, notAfter: null }, 'id');
    // Whom it is for, whether its outlet is connected just now or not.
    const outlets = planned.map((outlet) => ({ ...outlet, sends: true }));
    await this.checkFollowUp(audience, outlets);
    if (outlets.length === 0) return { recipients: 0, outlets: [], noNumbers: readPasted(audience).noNumbers };
    const seenOutlets = outletsOf(caller);
    const request = {
      outlets,
      audience,
      exceptWithin: seenOutlets,
      seenOutlets,
      variables: [],
      mayBeEmpty: false,
      isLater: scheduledAt !== null,
    };
    const { counts, noNumbers } = await this.audience.count(request);
    const met = counts.filter(({ reason }) => reason === null);
    return {
      recipients: met.reduce((sum, { count }) => sum + count, 0),
      outlets: met.map(({ outlet_id, count }) => ({ outletId: outlet_id, recipients: count })),
      noNumbers,
    };
  }

  /** Tags that are asked for and that nobody has among those who are asked. */
  async unknownTags({ outlets, audience, exceptWithin }: AudienceRequest): Promise<UnknownTag[]> {
    if (audience === 'all') return [];
    const tags = 'tags' in audience ? audience.tags : null;
    const exceptTags = 'exceptTags' in audience ? audience.exceptTags : null;
    const ids = outlets.map(({ id }) => id);
    return [
      ...(tags ? await this.unknownOf(tags, ids, 'include') : []),
      ...(exceptTags ? await this.unknownOf(exceptTags, exceptWithin, 'except') : []),
    ];
  }

  /** Whoever misspells a tag would leave out nobody. @throws `TAG_UNKNOWN` */
  async requireKnownTags(request: AudienceRequest): Promise<void> {
    const unknownTags = await this.unknownTags(request);
    if (unknownTags.length > 0)
      throw new DomainError('TAG_UNKNOWN', 409, 'nobody has one of the tags', undefined, { unknownTags });
  }

  /** @throws `VALIDATION_FAILED` for variables no contact has, and files nobody uploaded. */
  async checkContent(
    caller: Caller,
    outletIds: readonly string[],
    { message, mediaId }: { message: string; mediaId: string | null },
  ): Promise<FieldProblem[]> {
    const problems: FieldProblem[] = [];
    if (nearMissesOf(message, []).length > 0 || NEARLY.test(message) || unknownVariables(message, []).length > 0) {
      const fields = await this.audience.fieldsOf(outletIds);
      const misses = nearMissesOf(message, fields);
      if (misses.length > 0) problems.push({ field: 'message', text: missedTexts(misses) });
      const unknown = unknownVariables(message, fields);
      if (unknown.length > 0) problems.push({ field: 'message', text: unknownTexts(unknown, fields) });
    }
    if (mediaId !== null && !(await this.media.find(caller, mediaId)))
      problems.push(fieldProblem('mediaId', 'MEDIA_UNKNOWN'));
    return problems;
  }

  /** All tags there are are read only for what one of these may have meant. */
  private async unknownOf(
    tags: readonly string[],
    outletIds: readonly string[] | null,
    use: UnknownTag['use'],
  ): Promise<UnknownTag[]> {
    const known = await this.audience.tagsThatAre(tags, outletIds);
    const unknown = tags.filter((tag) => !known.has(tag.toLowerCase()));
    if (unknown.length === 0) return [];
    const all = (await this.audience.tagsOf(outletIds)).map(({ tag }) => tag);
    return unknownAmong(unknown, all, use);
  }

  private async check(
    caller: Caller,
    body: PreviewBlast,
    outlets: readonly PlannedOutlet[],
    isDue: boolean,
  ): Promise<void> {
    const ids = outlets.map(({ id }) => id);
    // What a repetition carries was kept with it, whoever sends it on.
    const problems = await this.checkContent(caller, ids, { ...body, mediaId: isDue ? null : body.mediaId });
    if (outlets.length === 0) problems.push(fieldProblem('outletIds', 'OUTLETS_NEEDED'));
    if (isDue && problems.length > 0) throw new ValidationFailed(problems);
    if (isDue) return;
    const tooLate = this.clock.wall() - LATE_BY_MS;
    const past = outlets.filter(({ notBefore }) => notBefore !== null && notBefore < tooLate);
    if (past.length > 0) problems.push({ field: 'scheduledAt', text: pastTexts(past, outlets.length) });
    const now = this.clock.wall();
    if (outlets.some(({ notBefore, notAfter }) => notAfter !== null && notAfter <= Math.max(now, notBefore ?? 0)))
      problems.push(fieldProblem('notAfter', 'NOT_AFTER_START'));
    if (problems.length > 0) throw new ValidationFailed(problems);
  }

  /** Alike for a blast there is not and one that reached none of these outlets. @throws `BLAST_NOT_FOUND` */
  private async checkFollowUp(audience: PreviewBlast['audience'], outlets: readonly { id: string }[]): Promise<void> {
    if (audience === 'all' || !('ofBlast' in audience)) return;
    const ids = outlets.map(({ id }) => id);
    if (!(await this.audience.hasReached(audience.ofBlast.blastId, ids)))
      throw new DomainError('BLAST_NOT_FOUND', 404, 'no such blast of these outlets');
  }

  /** Those that are asked for, with what each may send and when. @throws `OUTLET_NOT_FOUND` */
  private async planOutlets(
    caller: Caller,
    body: Pick<PreviewBlast, 'outletIds' | 'scheduledAt' | 'notAfter'>,
    locale: Locale,
  ): Promise<PlannedOutlet[]> {
    const picked = await this.pick(caller, body.outletIds);
    const limits = await this.limits.of(picked.map(({ id }) => id));
    return picked.flatMap((outlet): PlannedOutlet[] => {
      const limitsOfOne = limits.get(outlet.id);
      if (!limitsOfOne) return [];
      const { healthy, reason } = this.desk.health(outlet.id, locale);
      const { zone } = limitsOfOne.careful;
      const notBefore = body.scheduledAt === null ? null : instantOf(body.scheduledAt, zone);
      const notAfter = body.notAfter === null ? null : instantOf(body.notAfter, zone);
      // Whether an outlet can send later is seen later.
      const sends = healthy || notBefore !== null;
      return [{ ...outlet, healthy, reason, limits: limitsOfOne, notBefore, notAfter, sends }];
    });
  }

  async pick(caller: Caller, outletIds: PreviewBlast['outletIds']): Promise<{ id: string; name: string }[]> {
    if (outletIds === 'all') return (await this.outlets.list(caller)).filter(({ isActive }) => isActive);
    const visible = new Map((await this.outlets.list(caller)).map((outlet) => [outlet.id, outlet]));
    const chosen = [...new Set(outletIds.map((id) => id.toLowerCase()))];
    return Promise.all(chosen.map(async (id) => visible.get(id) ?? this.outlets.require(caller, id)));
  }
}

/** What a person meant to send, to whom and when: a preview and the blast it was for are alike in it. */
export function requestOf(body: PreviewBlast): string {
  const { outletIds, message, mediaId, audience, scheduledAt, notAfter, wayOutLanguage, noWayOut } = body;
  return JSON.stringify({
    outletIds,
    message,
    mediaId,
    audience,
    scheduledAt,
    ...(notAfter !== null && { notAfter }),
    ...(wayOutLanguage !== null && { wayOutLanguage }),
    ...(noWayOut !== null && { noWayOut }),
  });
}

/** Where clocks differ, which outlets' time it is that has passed. */
function pastTexts(past: readonly PlannedOutlet[], all: number): FieldProblem['text'] {
  if (past.length === all) return FIELD_TEXTS.IN_THE_PAST;
  const names = past
    .slice(0, MOST_NAMED)
    .map(({ name }) => name)
    .join(', ');
  return { id: `Waktu ini sudah lewat di ${names}.`, en: `This time has already passed at ${names}.` };
}

function tooLongTexts(longest: number, limit: number): FieldProblem['text'] {
  return {
    id: `Dengan isian penerima dan cara berhenti, pesan terpanjang menjadi ${longest} karakter; paling banyak ${limit}.`,
    en: `With what is filled in and the way to opt out, the longest message has ${longest} characters; at most ${limit} are possible.`,
  };
}

/** Whoever typed one of these would have customers read it. */
export function missedTexts(misses: readonly NearMiss[]): FieldProblem['text'] {
  const list = misses
    .slice(0, MOST_NAMED)
    .map(({ typed, meant }) => `${typed} → ${meant}`)
    .join(', ');
  return {
    id: `Ini akan dibaca pelanggan apa adanya; mungkin maksud Anda: ${list}.`,
    en: `Customers would read this as it stands; perhaps you meant: ${list}.`,
  };
}

function unknownTexts(names: readonly string[], fields: readonly string[]): FieldProblem['text'] {
  const list = (all: readonly string[]): string => all.map((name) => `{{${name}}}`).join(', ');
  const known = list(['nama', 'outlet', ...fields.toSorted().slice(0, MOST_NAMED)]);
  return {
    id: `Variabel tidak dikenal: ${list(names)}. Yang ada: ${known}.`,
    en: `Unknown variables: ${list(names)}. There are ${known}.`,
  };
}
