import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { Router, RouterLink } from '@angular/router';
import { renderMessage, unknownVariables, variablesOf } from '@koneksi/contracts/blast-template';
import type { BlastPreview, Repeat } from '@koneksi/contracts/blast-preview';
import type { BlastVocabulary } from '@koneksi/contracts/blast-requests';
import type { OutletZone } from '@koneksi/contracts/blast-states';
import type { SavedMessage } from '@koneksi/contracts/saved-messages';
import { withWayOut } from '@koneksi/contracts/way-out';
import { firstValueFrom } from 'rxjs';
import { ApiFault } from '../../core/api-fault';
import { FaultSentence } from '../../core/fault-sentence';
import { Texts } from '../../core/texts';
import { complete, placeFault } from '../../ui/forms/form-field';
import { Icon } from '../../ui/icon';
import { BlastApi } from '../blast-api';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';
import { ChatBubble } from '../chat-bubble';
import { LiveCount } from './live-count';
import { MediaField } from './media-field';
import { MessageEditor } from './message-editor';
import { OutletPicker } from './outlet-picker';
import { PeoplePicker } from './people-picker';
import type { Agreed } from './preflight-dialog';
import type { RepeatData } from '../repeating/repeat-dialog';
import { ReviewPanel } from './review-panel';
import { ScheduleField } from './schedule-field';
import type { ToKeep } from '../saved/saved-dialog';
import { TagPicker } from './tag-picker';
import { TestSend } from './test-send';
import { WayOutField } from './way-out-field';
import { markFilled, markUnknown } from '../whatsapp-format';

/** How long a press can be taken back. */
const UNDO_SECONDS = 10;

const STEPS = ['audience', 'message', 'review'] as const;
type Step = (typeof STEPS)[number];

/** From whom to whom, what, a look at all of it, and off it goes. A phone takes it step by step. */
@Component({
  selector: 'app-compose-page',
  imports: [
    ChatBubble,
    Icon,
    LiveCount,
    MatButton,
    MediaField,
    MessageEditor,
    OutletPicker,
    PeoplePicker,
    ReviewPanel,
    RouterLink,
    ScheduleField,
    TagPicker,
    TestSend,
    WayOutField,
  ],
  templateUrl: './compose-page.html',
  styleUrl: './compose-page.css',
})
export class ComposePage {
  readonly #api = inject(BlastApi);
  readonly #texts = inject(Texts);
  readonly #sentence = inject(FaultSentence);
  readonly #dialog = inject(MatDialog);
  readonly #router = inject(Router);
  protected readonly t = this.#texts.t;
  protected readonly b = inject(BlastTexts).b;
  protected readonly draft = inject(BlastDraft);

  protected readonly steps = STEPS;
  protected readonly step = signal<Step>('audience');
  protected readonly vocabulary = signal<BlastVocabulary | null>(null);
  protected readonly preview = signal<BlastPreview | null>(null);
  protected readonly working = signal<'preview' | 'create' | null>(null);
  /** Asked for again before the answer: what comes is about a draft that has changed since. */
  #isOutdated = false;
  readonly #timesRefused = signal(false);
  /** One of the times was refused before there was anything to look at, or had passed: it is set right while composing. */
  protected readonly showsTimes = computed(() => this.#timesRefused() || Object.keys(this.draft.passed()).length > 0);
  /** What the server refused without naming a field. */
  protected readonly problem = signal<string | null>(null);

  /** What stands in for each variable: the first outlet's own name, an example for the customer's. */
  protected readonly text = computed(() => {
    const values: Record<string, string> = {
      nama: markFilled(this.b('bubble.exampleName')),
      outlet: markFilled(this.sender()),
    };
    const message = this.draft.fields.message.value();
    const fields = this.vocabulary()?.fields;
    for (const field of fields ?? variablesOf(message)) values[field] ??= markFilled(field);
    for (const name of fields ? unknownVariables(message, fields) : []) values[name] = markUnknown(name);
    return withWayOut(renderMessage(message, values), message ? this.draft.wayOut().line : null);
  });
  protected readonly sender = computed(
    () => (this.draft.sending()[0] ?? this.draft.outlets()[0])?.status.outlet.name ?? this.b('bubble.anOutlet'),
  );

  /** By whose clocks the draft's times are meant; none until the server has told them. */
  protected readonly zones = computed((): readonly OutletZone[] => {
    const chosen = this.draft.fields.outletIds.value();
    const meant = new Set(
      this.draft
        .outlets()
        .filter(({ id }) => this.draft.everyOutlet() || chosen.has(id))
        .map(({ id }) => id),
    );
    const zones = this.vocabulary()?.zones.filter(({ outletId }) => meant.has(outletId)) ?? [];
    return [...new Set(zones.map(({ zone }) => zone))];
  });
  protected readonly mayRepeat = computed(() => this.draft.toRepeat() !== null);

  constructor() {
    // Without the words only their chips are missing; the server still knows them all.
    this.#api.vocabulary().then(this.vocabulary.set.bind(this.vocabulary), () => undefined);
  }

  protected async review(): Promise<void> {
    const { outletIds, phones, message, noWayOut } = this.draft.fields;
    const composed = { outletIds, phones, message, noWayOut };
    // The server is asked anew: what it refused before may hold no longer.
    for (const field of Object.values(this.draft.fields)) field.leave();
    const fine = complete(this.step() === 'review' ? this.draft.shownFields() : composed);
    if (outletIds.fault() || phones.fault()) return this.#go('audience');
    if (message.fault() || noWayOut.fault()) return this.#go('message');
    if (!fine) return;
    if (this.working()) {
      this.#isOutdated = true;
      return;
    }
    do {
      this.#isOutdated = false;
      await this.#attempt('preview', async () => {
        const preview = await this.#api.preview(this.draft.toPreview());
        if (this.#isOutdated) return;
        this.preview.set(preview);
        if (this.step() !== 'review') this.#go('review');
      });
    } while (this.#isOutdated);
  }

  protected async send(): Promise<void> {
    const preview = this.preview();
    if (!complete(this.draft.shownFields())) return showFirstFault();
    if (!preview || this.working()) return;
    const { PreflightDialog } = await import('./preflight-dialog');
    const dialog = this.#dialog.open<unknown, BlastPreview, Agreed>(PreflightDialog, {
      data: preview,
      panelClass: 'dialog',
      autoFocus: 'dialog',
    });
    const agreed = await firstValueFrom(dialog.afterClosed());
    if (!agreed) return;
    await this.#attempt('create', async () => {
      const { request, key } = this.draft.toCreate({
        previewId: preview.previewId,
        ...agreed,
        undoSeconds: UNDO_SECONDS,
      });
      const { id } = await this.#api.create(request, key);
      this.draft.acknowledged();
      await this.#router.navigate(['/blast', id]);
    });
  }

  /** Instead of now, every month or on birthdays; whoever is meant is asked anew each time, so it is never by number. */
  protected async repeat(): Promise<void> {
    const blast = this.draft.toRepeat();
    if (!blast || this.working()) return;
    const { RepeatDialog } = await import('../repeating/repeat-dialog');
    const dialog = this.#dialog.open<unknown, RepeatData, string>(RepeatDialog, {
      data: {
        blast,
        title: this.draft.fields.title.value(),
        fields: this.vocabulary()?.fields ?? [],
        losesTimes: this.draft.later() || this.draft.ends(),
        unknownTags: this.preview()?.unknownTags ?? [],
      },
      panelClass: 'dialog',
    });
    if ((await firstValueFrom(dialog.afterClosed())) === undefined) return;
    this.draft.clear();
    await this.#router.navigate(['/blast/repeating']);
  }

  /** What was kept under a name, to be used or changed; or what stands here, to be kept. */
  protected async openSaved(): Promise<void> {
    const { SavedDialog } = await import('../saved/saved-dialog');
    const dialog = this.#dialog.open<unknown, ToKeep, SavedMessage>(SavedDialog, {
      data: { message: this.draft.fields.message.value(), mediaId: this.draft.media()?.id ?? null },
      panelClass: 'dialog',
    });
    const used = await firstValueFrom(dialog.afterClosed());
    if (used) this.draft.say(used.message, used.media);
  }

  protected next(): void {
    this.draft.fields.outletIds.visit();
    if (this.draft.fields.outletIds.fault() === null) this.#go('message');
  }

  protected back(): void {
    this.#go(this.step() === 'review' ? 'message' : 'audience');
  }

  #go(step: Step): void {
    this.step.set(step);
    requestAnimationFrame(() => {
      window.scrollTo(0, 0);
      document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
    });
  }

  async #attempt(what: 'preview' | 'create', work: () => Promise<void>): Promise<void> {
    this.working.set(what);
    this.problem.set(null);
    try {
      await work();
    } catch (thrown) {
      if (what === 'create' || !this.#isOutdated) this.#showFault(ApiFault.of(thrown));
    } finally {
      this.working.set(null);
    }
  }

  /** What was found to be otherwise is looked at before anything is pressed again. */
  #showFault(fault: ApiFault): void {
    const { preview, repeat, unknownTags } = fault.details as Partial<Pick<BlastPreview, 'unknownTags'>> & {
      preview?: BlastPreview;
      repeat?: Repeat;
    };
    if (preview) this.preview.set(preview);
    if (unknownTags) this.preview.update((seen) => seen && { ...seen, unknownTags });
    if (repeat) this.preview.update((seen) => seen && { ...seen, repeat });
    const { fields } = this.draft;
    const unplaced = placeFault(fault, this.draft.faultFields());
    if (unplaced.length || !fault.fields.length) this.problem.set([this.#sentence.of(fault), ...unplaced].join(' '));
    const isShown = (...names: (keyof typeof fields)[]): boolean => names.some((name) => fields[name].shownFault());
    if (isShown('outletIds', 'audience', 'phones')) this.#go('audience');
    else if (isShown('message', 'mediaId', 'noWayOut')) this.#go('message');
    else if (this.step() !== 'review' && isShown('scheduledAt', 'notAfter')) {
      this.#timesRefused.set(true);
      this.#go('message');
    }
  }
}

/** Once it is drawn: what keeps a blast from going out may be further up than anyone sees. */
function showFirstFault(): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>('main [aria-invalid="true"]')?.focus());
}
