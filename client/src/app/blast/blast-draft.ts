import { computed, effect, inject, Service, signal, untracked, type Signal, type WritableSignal } from '@angular/core';
import { CAPTION_MAX, MESSAGE_MAX } from '@koneksi/contracts/blast-limits';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import type { CreateBlast, PreviewBlast } from '@koneksi/contracts/blast-requests';
import type { Blast } from '@koneksi/contracts/blasts';
import type { FollowUp } from '@koneksi/contracts/follow-ups';
import { nearMissesOf } from '@koneksi/contracts/blast-near-misses';
import { isBlank } from '@koneksi/contracts/plain-text';
import type { TextLanguage } from '@koneksi/contracts/text-language';
import { withWayOut, wayOutOf, type WayOut } from '@koneksi/contracts/way-out';
import { FIELD_TEXTS, fieldText } from '@koneksi/contracts/field-texts';
import { ApiFault } from '../core/api-fault';
import { AuthStore } from '../core/auth-store';
import { Clock } from '../core/clock';
import { Texts } from '../core/texts';
import { NameOrder } from '../live-status/name-order';
import { StatusStore, type StatusRow } from '../live-status/status-store';
import { type complete, FormField, type placeFault } from '../ui/forms/form-field';
import { BlastApi } from './blast-api';
import { BlastTexts } from './blast-texts';
import { blastTitle } from './blast-title';
import {
  contentOf,
  NOTHING,
  numbersIn,
  repetitionOf,
  requestOf,
  type DraftContent,
  type FollowedBlast,
  type Picked,
} from './draft-content';
import { recallDraft, rememberDraft } from './draft-memory';
import { forgetKey, keyOf, type PressKey } from './press-keys';

/** A field of the draft, wherever it is kept. */
interface Part<Value> {
  read(): Value;
  write(value: Value): void;
}

const kept = <Value>(value: WritableSignal<Value>): Part<Value> => ({ read: value, write: (to) => value.set(to) });

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
  readonly #clock = inject(Clock);
  readonly #blastTexts = inject(BlastTexts);
  #owner = this.#auth.userId();

  readonly media = signal<BlastMedia | null>(null);
  /** The picture itself, or a frame of the film; a picture after a reload once the server gave it back. */
  readonly mediaUrl = signal<string | null>(null);
  readonly everyOutlet = signal(false);
  readonly later = signal(false);
  /** Whether it is worth nothing after some time. */
  readonly ends = signal(false);
  /** What had passed of the blast that this one was taken from. */
  readonly passed = signal<DraftContent['passed']>({});
  /** Whether recipients are told how to hear no more. */
  readonly offersWayOut = signal(true);
  readonly #wayOutLanguage = signal<TextLanguage | null>(null);
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
  /** Each field there is, so that none is forgotten where a draft is kept, read back or begun anew. */
  readonly #parts: { [Name in keyof DraftContent]: Part<DraftContent[Name]> } = {
    everyOutlet: kept(this.everyOutlet),
    outletIds: {
      read: () => [...this.fields.outletIds.value()],
      write: (ids) => this.fields.outletIds.value.set(new Set(ids)),
    },
    byHand: kept(this.byHand),
    tags: kept(this.fields.audience.value),
    exceptTags: kept(this.fields.exceptTags.value),
    phones: kept(this.fields.phones.value),
    picked: kept(this.picked),
    message: kept(this.fields.message.value),
    media: { read: this.media, write: (media) => this.#carry(media) },
    title: kept(this.fields.title.value),
    later: kept(this.later),
    scheduledAt: kept(this.fields.scheduledAt.value),
    ends: kept(this.ends),
    notAfter: kept(this.fields.notAfter.value),
    passed: kept(this.passed),
    offersWayOut: kept(this.offersWayOut),
    noWayOut: kept(this.fields.noWayOut.value),
    wayOutLanguage: kept(this.#wayOutLanguage),
    follows: kept(this.follows),
    replaces: kept(this.replaces),
  };
  readonly #content = computed(
    () =>
      Object.fromEntries(
        Object.entries(this.#parts).map(([name, part]) => [name, part.read()]),
      ) as unknown as DraftContent,
  );

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
    wayOutOf(
      this.fields.message.value(),
      this.#wayOutLanguage(),
      this.offersWayOut() ? null : this.fields.noWayOut.value().trim(),
    ),
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
      rememberDraft({
        ...this.#content(),
        owner: this.#owner,
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

  toPreview(): PreviewBlast {
    const { title: _, ...looked } = requestOf(this.#content());
    return looked;
  }

  /** What comes again, without when; `null` where it cannot. */
  toRepeat(): ReturnType<typeof repetitionOf> {
    return repetitionOf(this.#content());
  }

  wayOutChoice(): Pick<PreviewBlast, 'wayOutLanguage' | 'noWayOut'> {
    const { wayOutLanguage, noWayOut } = requestOf(this.#content());
    return { wayOutLanguage, noWayOut };
  }

  /**
   * The request, and a key that stays the same as long as what is meant does, over reloads and other tabs: pressed twice,
   * it is one blast.
   */
  toCreate(agreed: Pick<CreateBlast, 'previewId' | 'repeatAcknowledged' | 'unknownTagsAcknowledged' | 'undoSeconds'>): {
    request: CreateBlast;
    key: string;
  } {
    const meant = requestOf(this.#content());
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
    this.#write(contentOf(blast, phones, replaces, this.#clock.instant()));
  }

  /** What was written before: text and file, whoever uploaded it. */
  say(message: string, media: BlastMedia | null): void {
    this.#write({ message, media, wayOutLanguage: null });
  }

  /** To those whom a blast met and who have not got, read or answered it, from the same outlets. */
  follow(blast: Blast, who: FollowUp): void {
    this.clear();
    this.fields.outletIds.value.set(new Set(blast.outlets.map(({ outletId }) => outletId)));
    this.follows.set({ blastId: blast.id, title: blastTitle(blast, this.#texts.locale()), who });
  }

  clear(): void {
    this.#write(NOTHING);
    this.#tested.set(null);
    for (const field of Object.values(this.fields)) field.leave();
    this.#press.set(null);
  }

  #restore(): void {
    const draft = recallDraft(this.#owner);
    if (!draft) return;
    const { owner: _, tested, press, ...content } = draft;
    this.#write(content);
    this.#tested.set(tested);
    this.#press.set(press);
  }

  #write(content: Partial<DraftContent>): void {
    const write = <Name extends keyof DraftContent>(name: Name): void => {
      const value = content[name];
      if (value !== undefined) this.#parts[name].write(value);
    };
    for (const name of Object.keys(this.#parts) as (keyof DraftContent)[]) write(name);
  }

  /** A file that the server has: the picture itself comes after it. */
  #carry(media: BlastMedia | null): void {
    this.attach(media, null);
    if (media?.kind === 'image') void this.#fetchPicture(media.id);
  }

  readonly #said = computed(() =>
    JSON.stringify([withWayOut(this.fields.message.value(), this.wayOut().line), this.media()?.id ?? null]),
  );

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
