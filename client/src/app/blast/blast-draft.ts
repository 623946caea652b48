import { computed, effect, inject, Service, signal, untracked, type Signal } from '@angular/core';
import { CAPTION_MAX, MESSAGE_MAX } from '@koneksi/contracts/blast-limits';
import type { BlastMedia, CreateBlast, PreviewBlast } from '@koneksi/contracts/blasts';
import { FIELD_TEXTS, fieldText } from '@koneksi/contracts/field-texts';
import { ApiFault } from '../core/api-fault';
import { AuthStore } from '../core/auth-store';
import { Texts } from '../core/texts';
import { NameOrder } from '../outlet-status/name-order';
import type { StatusRow } from '../outlet-status/status-store';
import { type complete, FormField } from '../ui/form-field';
import { BlastApi } from './blast-api';
import { recallDraft, rememberDraft } from './draft-memory';

/**
 * The blast someone is writing. It outlives the page: whoever goes to reconnect an outlet, or reloads, finds it again;
 * it ends with the tab, with the log-in, and when it is sent.
 */
@Service()
export class BlastDraft {
  readonly #rows = inject(NameOrder).rows;
  readonly #texts = inject(Texts);
  readonly #auth = inject(AuthStore);
  readonly #api = inject(BlastApi);
  #owner = this.#auth.userId();

  readonly media = signal<BlastMedia | null>(null);
  /** The picture itself; after a reload once the server gave it back. */
  readonly mediaUrl = signal<string | null>(null);
  readonly everyOutlet = signal(false);
  readonly later = signal(false);
  readonly fields = {
    outletIds: new FormField<ReadonlySet<string>>(new Set(), () =>
      this.sending().length ? null : FIELD_TEXTS.OUTLETS_NEEDED[this.#texts.locale()],
    ),
    audience: new FormField<readonly string[]>([]),
    message: new FormField<string>('', (message) => this.#faultOf(message)),
    mediaId: new FormField<string | null>(null),
    title: new FormField<string>(''),
    scheduledAt: new FormField<string>('', (at) =>
      this.later() && !at ? FIELD_TEXTS.REQUIRED[this.#texts.locale()] : null,
    ),
  };

  readonly outlets = computed(() => this.#rows().filter(({ status }) => status.outlet.isActive));
  /** Chosen and able to send now. */
  readonly sending: Signal<readonly StatusRow[]> = computed(() => {
    const chosen = this.fields.outletIds.value();
    return this.outlets().filter(({ id, status }) => status.healthy && (this.everyOutlet() || chosen.has(id)));
  });
  readonly limit: Signal<number> = computed(() => (this.media() ? CAPTION_MAX : MESSAGE_MAX));
  readonly isEmpty = computed(() => this.fields.message.value() === '' && !this.media());

  #key: { request: string; key: string } | null = null;

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
      const { outletIds, audience, message, title, scheduledAt } = this.fields;
      rememberDraft({
        owner: this.#owner,
        everyOutlet: this.everyOutlet(),
        outletIds: [...outletIds.value()],
        tags: [...audience.value()],
        message: message.value(),
        media: this.media(),
        title: title.value(),
        later: this.later(),
        scheduledAt: scheduledAt.value(),
      });
    });
  }

  /** The fields a person sees: a time for "later" is no part of a blast that goes out now. */
  shownFields(): Parameters<typeof complete>[0] {
    const { scheduledAt, ...always } = this.fields;
    return this.later() ? { ...always, scheduledAt } : always;
  }

  toPreview(): PreviewBlast {
    const tags = [...this.fields.audience.value()];
    return {
      outletIds: this.everyOutlet() ? 'all' : this.sending().map(({ id }) => id),
      message: this.fields.message.value(),
      mediaId: this.media()?.id ?? null,
      audience: tags.length ? { tags } : 'all',
      scheduledAt: this.later() ? this.fields.scheduledAt.value() : null,
    };
  }

  /** The request, and a key that stays the same as long as the request does: sent twice, it is one blast. */
  toCreate(): { request: CreateBlast; key: string } {
    const request = { ...this.toPreview(), title: this.fields.title.value().trim() || null };
    const written = JSON.stringify(request);
    if (this.#key?.request !== written) this.#key = { request: written, key: randomKey() };
    return { request, key: this.#key.key };
  }

  attach(media: BlastMedia | null, url: string | null): void {
    const before = this.mediaUrl();
    if (before) URL.revokeObjectURL(before);
    this.media.set(media);
    this.mediaUrl.set(url);
    this.fields.mediaId.value.set(media?.id ?? null);
  }

  clear(): void {
    this.attach(null, null);
    this.everyOutlet.set(false);
    this.later.set(false);
    this.fields.outletIds.value.set(new Set());
    this.fields.audience.value.set([]);
    for (const field of [this.fields.message, this.fields.title, this.fields.scheduledAt]) field.value.set('');
    for (const field of Object.values(this.fields)) field.leave();
    this.#key = null;
  }

  #restore(): void {
    const draft = recallDraft(this.#owner);
    if (!draft) return;
    this.everyOutlet.set(draft.everyOutlet);
    this.fields.outletIds.value.set(new Set(draft.outletIds));
    this.fields.audience.value.set(draft.tags);
    this.fields.message.value.set(draft.message);
    this.fields.title.value.set(draft.title);
    this.later.set(draft.later);
    this.fields.scheduledAt.value.set(draft.scheduledAt);
    this.attach(draft.media, null);
    if (draft.media?.kind === 'image') void this.#fetchPicture(draft.media.id);
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
    if (message.trim() === '' && !this.media()) return FIELD_TEXTS.REQUIRED[locale];
    if (message.length <= this.limit()) return null;
    if (this.media()) return FIELD_TEXTS.CAPTION_TOO_LONG[locale];
    return fieldText({ code: 'too_big', origin: 'string', maximum: MESSAGE_MAX }, locale);
  }
}

/** `crypto.randomUUID` is there on secure pages only, and a shop may open Koneksi over plain HTTP. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
