import { computed, effect, inject, Service, signal, untracked, type Signal } from '@angular/core';
import { CAPTION_MAX, MESSAGE_MAX } from '@koneksi/contracts/blast-limits';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import type { Audience, CreateBlast, PreviewBlast } from '@koneksi/contracts/blast-requests';
import type { Blast } from '@koneksi/contracts/blasts';
import type { FollowUp } from '@koneksi/contracts/follow-ups';
import type { CreateRepeatingBlast } from '@koneksi/contracts/repeating-blasts';
import { nearMissesOf } from '@koneksi/contracts/blast-near-misses';
import { isBlank } from '@koneksi/contracts/plain-text';
import { withWayOut, wayOutOf, type WayOut } from '@koneksi/contracts/way-out';
import { FIELD_TEXTS, fieldText } from '@koneksi/contracts/field-texts';
import { ApiFault } from '../core/api-fault';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { NameOrder } from '../live-status/name-order';
import { StatusStore, type StatusRow } from '../live-status/status-store';
import { type complete, FormField, type placeFault } from '../ui/forms/form-field';
import { BlastApi } from './blast-api';
import { BlastTexts } from './blast-texts';
import { blastTitle } from './blast-title';
import { recallDraft, rememberDraft, type FollowedBlast, type Picked } from './draft-memory';
import { forgetKey, keyOf, type PressKey } from './press-keys';

/**
 * The blast someone is writing. It outlives the page: whoever goes to reconnect an outlet, or reloads, finds it again;
 * it ends with the tab, with the log-in, and when it is sent.
 */
@Service()
export class BlastDraft {
  readonly #rows = inject(NameOrder).rows;
  readonly #isBoardKnown = inject(StatusStore).loaded;
  readonly #texts = inject(Texts);
  readonly #auth = inject(AuthStore);
  readonly #api = inject(BlastApi);
  readonly #blastTexts = inject(BlastTexts);
  #owner = this.#auth.userId();

  readonly media = signal<BlastMedia | null>(null);
  /** The picture itself, or a frame of the film; a picture after a reload once the server gave it back. */
  readonly mediaUrl = signal<string | null>(null);
  readonly everyOutlet = signal(false);
  readonly later = signal(false);
  /** Whether it is worth nothing after some time. */
  readonly ends = signal(false);
  /** Whether recipients are told how to hear no more. */
  readonly offersWayOut = signal(true);
  readonly byHand = signal(false);
  readonly picked = signal<readonly Picked[]>([]);
  /** The blast whose recipients are asked again. */
  readonly follows = signal<FollowedBlast | null>(null);
  /** The blast that this one is to stand for. */
  readonly replaces = signal<string | null>(null);
  readonly #tested = signal<string | null>(null);
  readonly fields = {
    outletIds: new FormField<ReadonlySet<string>>(new Set(), () =>
      this.#hasSender() ? null : FIELD_TEXTS.OUTLETS_NEEDED[this.#texts.locale()],
    ),
    audience: new FormField<readonly string[]>([]),
    exceptTags: new FormField<readonly string[]>([]),
    phones: new FormField<string>('', (typed) =>
      this.byHand() && numbersIn(typed).length + this.picked().length === 0
        ? FIELD_TEXTS.NO_RECIPIENTS[this.#texts.locale()]
        : null,
    ),
    message: new FormField<string>('', (message) => this.#faultOf(message)),
    mediaId: new FormField<string | null>(null),
    noWayOut: new FormField<string>('', (reason) =>
      !this.offersWayOut() && !reason.trim() ? this.#blastTexts.b('wayOut.needed') : null,
    ),
    title: new FormField<string>(''),
    scheduledAt: new FormField<string>('', (at) =>
      this.later() && !at ? FIELD_TEXTS.REQUIRED[this.#texts.locale()] : null,
    ),
    notAfter: new FormField<string>('', (at) =>
      this.ends() && !at ? FIELD_TEXTS.REQUIRED[this.#texts.locale()] : null,
    ),
  };
  readonly numbers: Signal<readonly string[]> = computed(() => numbersIn(this.fields.phones.value()));

  readonly outlets = computed(() => this.#rows().filter(({ status }) => status.outlet.isActive));
  /** Chosen and able to send now. */
  readonly sending: Signal<readonly StatusRow[]> = computed(() => {
    const chosen = this.fields.outletIds.value();
    return this.outlets().filter(({ id, status }) => status.healthy && (this.everyOutlet() || chosen.has(id)));
  });
  /** Until the board came after a reload, who can send is the server's to say. */
  readonly #hasSender: Signal<boolean> = computed(() => {
    if (this.#isBoardKnown()) return this.sending().length > 0;
    return this.everyOutlet() || this.fields.outletIds.value().size > 0;
  });
  readonly limit: Signal<number> = computed(() => (this.media() ? CAPTION_MAX : MESSAGE_MAX));
  readonly wayOut: Signal<WayOut> = computed(() =>
    wayOutOf(this.fields.message.value(), null, this.offersWayOut() ? null : this.fields.noWayOut.value().trim()),
  );
  /** With what stands below it, as far as it is known before it is filled in. */
  readonly length: Signal<number> = computed(() =>
    this.isEmpty() ? 0 : withWayOut(this.fields.message.value(), this.wayOut().line).length,
  );
  readonly isEmpty = computed(() => this.fields.message.value() === '' && !this.media());

  /** Whether a phone has shown this message, as it stands. */
  readonly isTested = computed(() => this.#tested() !== null && this.#tested() === this.#said());
  /** The press that is under way or was never acknowledged. It lives as long as what was meant by it. */
  readonly #press = signal<PressKey | null>(null);

  constructor() {
    this.#restore();
    effect(() => {
      const userId = this.#auth.userId();
      untracked(() => {
        if (userId !== null && userId !== this.#owner) this.clear();
        if (userId !== null) this.#owner = userId;
      });
    });
    effect(() => {
      const { outletIds, audience, exceptTags, phones, message, title, scheduledAt, notAfter, noWayOut } = this.fields;
      rememberDraft({
        owner: this.#owner,
        everyOutlet: this.everyOutlet(),
        outletIds: [...outletIds.value()],
        byHand: this.byHand(),
        tags: [...audience.value()],
        exceptTags: [...exceptTags.value()],
        phones: phones.value(),
        picked: [...this.picked()],
        message: message.value(),
        media: this.media(),
        title: title.value(),
        later: this.later(),
        scheduledAt: scheduledAt.value(),
        ends: this.ends(),
        notAfter: notAfter.value(),
        offersWayOut: this.offersWayOut(),
        noWayOut: noWayOut.value(),
        follows: this.follows(),
        replaces: this.replaces(),
        tested: this.#tested(),
        press: this.#press(),
      });
    });
  }

  /** The fields a person sees: a time for "later" is no part of a blast that goes out now. */
  shownFields(): Parameters<typeof complete>[0] {
    const { scheduledAt, notAfter, ...always } = this.fields;
    return { ...always, ...(this.later() && { scheduledAt }), ...(this.ends() && { notAfter }) };
  }

  /**
   * By its name in the request, where a person sees what is wrong with it: by hand nobody sees the tags, nor anything of an
   * audience where those of another blast are meant.
   */
  faultFields(): Parameters<typeof placeFault>[1] {
    const { audience, exceptTags: _, phones, ...others } = this.fields;
    return { ...others, ...(!this.follows() && { audience: this.byHand() ? phones : audience }) };
  }

  /** What was meant, never what happens to be able to send now: that the server knows better. */
  toPreview(): PreviewBlast {
    return {
      outletIds: this.everyOutlet() ? 'all' : [...this.fields.outletIds.value()].sort(),
      message: this.fields.message.value(),
      mediaId: this.media()?.id ?? null,
      audience: this.#audience(),
      scheduledAt: this.later() ? this.fields.scheduledAt.value() : null,
      notAfter: this.ends() ? this.fields.notAfter.value() : null,
      replaces: this.replaces(),
      ...this.wayOutChoice(),
    };
  }

  /** What comes again, without when; `null` where it is for people by number, or for those of an earlier blast. */
  toRepeat(): Omit<CreateRepeatingBlast, 'title' | 'rule' | 'unknownTagsAcknowledged'> | null {
    if (this.byHand() || this.follows() || this.replaces()) return null;
    const { outletIds, message, mediaId } = this.toPreview();
    const audience = this.#audience() as CreateRepeatingBlast['audience'];
    return { outletIds, message, mediaId, audience, ...this.wayOutChoice() };
  }

  wayOutChoice(): Pick<PreviewBlast, 'wayOutLanguage' | 'noWayOut'> {
    return { wayOutLanguage: null, noWayOut: this.offersWayOut() ? null : this.fields.noWayOut.value().trim() };
  }

  /**
   * The request, and a key that stays the same as long as what is meant does, over reloads and other tabs: pressed twice,
   * it is one blast.
   */
  toCreate(agreed: Pick<CreateBlast, 'previewId' | 'repeatAcknowledged' | 'unknownTagsAcknowledged' | 'undoSeconds'>): {
    request: CreateBlast;
    key: string;
  } {
    const meant = { ...this.toPreview(), title: this.fields.title.value().trim() || null };
    const intention = JSON.stringify(meant);
    if (this.#press()?.intention !== intention) this.#press.set(keyOf(this.#owner, intention));
    return { request: { ...meant, ...agreed }, key: this.#press()!.key };
  }

  /** The answer came. */
  acknowledged(): void {
    const press = this.#press();
    if (press) forgetKey(press.key);
    this.clear();
  }

  /** A phone has shown what the draft says now. */
  noteTested(): void {
    this.#tested.set(this.#said());
  }

  attach(media: BlastMedia | null, url: string | null): void {
    const before = this.mediaUrl();
    if (before) URL.revokeObjectURL(before);
    this.media.set(media);
    this.mediaUrl.set(url);
    this.fields.mediaId.value.set(media?.id ?? null);
  }

  /** What another blast said, to be sent anew, or instead of it while it has not begun. */
  adopt(blast: Blast, phones: readonly string[], replaces: boolean): void {
    this.clear();
    const { audience, outlets } = blast;
    this.fields.outletIds.value.set(new Set(audience?.outletIds ?? outlets.map(({ outletId }) => outletId)));
    this.byHand.set(phones.length > 0);
    this.fields.phones.value.set(phones.join('\n'));
    this.fields.audience.value.set(audience?.tags ?? []);
    this.fields.exceptTags.value.set(audience?.exceptTags ?? []);
    const { ofBlast } = audience ?? {};
    this.follows.set(ofBlast ? { ...ofBlast, title: '' } : null);
    this.fields.title.value.set(blast.title ?? '');
    this.offersWayOut.set(blast.wayOut?.how !== 'OFF');
    this.fields.noWayOut.value.set(blast.wayOut?.reason ?? '');
    this.say(blast.message, blast.media);
    if (!replaces) return;
    this.replaces.set(blast.id);
    this.later.set(blast.scheduledAt !== null);
    this.fields.scheduledAt.value.set(blast.scheduledAt?.slice(0, 16) ?? '');
    this.ends.set(blast.notAfter !== null);
    this.fields.notAfter.value.set(blast.notAfter?.slice(0, 16) ?? '');
  }

  /** What was written before: text and file, whoever uploaded it. */
  say(message: string, media: BlastMedia | null): void {
    this.fields.message.value.set(message);
    this.attach(media, null);
    if (media?.kind === 'image') void this.#fetchPicture(media.id);
  }

  /** To those whom a blast met and who have not got, read or answered it, from the same outlets. */
  follow(blast: Blast, who: FollowUp): void {
    this.clear();
    this.fields.outletIds.value.set(new Set(blast.outlets.map(({ outletId }) => outletId)));
    this.follows.set({ blastId: blast.id, title: blastTitle(blast, this.#texts.locale()), who });
  }

  clear(): void {
    this.attach(null, null);
    this.everyOutlet.set(false);
    this.later.set(false);
    this.ends.set(false);
    this.byHand.set(false);
    this.offersWayOut.set(true);
    this.picked.set([]);
    this.follows.set(null);
    this.replaces.set(null);
    this.#tested.set(null);
    this.fields.outletIds.value.set(new Set());
    this.fields.audience.value.set([]);
    this.fields.exceptTags.value.set([]);
    const { message, title, scheduledAt, notAfter, phones, noWayOut } = this.fields;
    for (const field of [message, title, scheduledAt, notAfter, phones, noWayOut]) field.value.set('');
    for (const field of Object.values(this.fields)) field.leave();
    this.#press.set(null);
  }

  #restore(): void {
    const draft = recallDraft(this.#owner);
    if (!draft) return;
    this.everyOutlet.set(draft.everyOutlet);
    this.fields.outletIds.value.set(new Set(draft.outletIds));
    this.fields.audience.value.set(draft.tags);
    this.fields.exceptTags.value.set(draft.exceptTags ?? []);
    this.fields.phones.value.set(draft.phones ?? '');
    this.byHand.set(draft.byHand ?? false);
    this.picked.set(draft.picked ?? []);
    this.fields.message.value.set(draft.message);
    this.fields.title.value.set(draft.title);
    this.later.set(draft.later);
    this.fields.scheduledAt.value.set(draft.scheduledAt);
    this.ends.set(draft.ends ?? false);
    this.fields.notAfter.value.set(draft.notAfter ?? '');
    this.offersWayOut.set(draft.offersWayOut ?? true);
    this.fields.noWayOut.value.set(draft.noWayOut ?? '');
    this.follows.set(draft.follows ?? null);
    this.replaces.set(draft.replaces ?? null);
    this.#tested.set(draft.tested ?? null);
    this.#press.set(draft.press ?? null);
    this.attach(draft.media, null);
    if (draft.media?.kind === 'image') void this.#fetchPicture(draft.media.id);
  }

  readonly #said = computed(() =>
    JSON.stringify([withWayOut(this.fields.message.value(), this.wayOut().line), this.media()?.id ?? null]),
  );

  #audience(): Audience {
    const follows = this.follows();
    if (follows) return { ofBlast: { blastId: follows.blastId, who: follows.who } };
    if (this.byHand()) {
      const picked = this.picked();
      if (this.numbers().length === 0 && picked.length > 0) return { contactIds: picked.map(({ id }) => id) };
      return { phones: [...picked.map(({ phone }) => phone), ...this.numbers()] };
    }
    const [tags, exceptTags] = [[...this.fields.audience.value()], [...this.fields.exceptTags.value()]];
    if (tags.length) return { tags, ...(exceptTags.length && { exceptTags }) };
    return exceptTags.length ? { exceptTags } : 'all';
  }

  async #fetchPicture(mediaId: string): Promise<void> {
    const isWanted = (): boolean => this.media()?.id === mediaId && this.mediaUrl() === null;
    try {
      const picture = await this.#api.uploaded(mediaId);
      if (isWanted()) this.mediaUrl.set(URL.createObjectURL(picture));
    } catch (thrown) {
      // Any other fault leaves its name, size and the way to remove it.
      if (isWanted() && ApiFault.of(thrown).code === 'NOT_FOUND')
        this.fields.mediaId.refuse(FIELD_TEXTS.MEDIA_UNKNOWN[this.#texts.locale()]);
    }
  }

  #faultOf(message: string): string | null {
    const locale = this.#texts.locale();
    if (isBlank(message) && !this.media()) return FIELD_TEXTS.REQUIRED[locale];
    const [miss] = nearMissesOf(message, []);
    if (miss) return this.#blastTexts.b('compose.nearMiss', { typed: miss.typed, meant: miss.meant });
    if (this.length() <= this.limit()) return null;
    if (this.media()) return FIELD_TEXTS.CAPTION_TOO_LONG[locale];
    return fieldText({ code: 'too_big', origin: 'string', maximum: MESSAGE_MAX }, locale);
  }
}

/** Numbers that were pasted: one a line, or between commas and semicolons. */
function numbersIn(pasted: string): string[] {
  return pasted
    .split(/[\n\r,;\t]/)
    .map((line) => line.trim())
    .filter(Boolean);
}
