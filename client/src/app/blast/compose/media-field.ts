import { Component, computed, inject, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MEDIA_MAX_BYTES, MEDIA_TYPES } from '@koneksi/contracts/blast-limits';
import type { BlastMedia } from '@koneksi/contracts/blast-content';
import { FIELD_TEXTS } from '@koneksi/contracts/field-texts';
import { ApiFault } from '../../core/api-fault';
import { FaultSentence } from '../../core/fault-sentence';
import { Texts } from '../../core/texts';
import { FormField, placeFault } from '../../ui/forms/form-field';
import { Icon } from '../../ui/icon';
import { BlastApi } from '../blast-api';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';
import { fileSize } from '../file-size';
import { frameOf } from './film-frame';
import { QuotaWarning } from '../../quotas/quota-warning';

/** A picture or document that goes along; the message becomes its caption. */
@Component({
  selector: 'app-media-field',
  imports: [Icon, MatButton, MatIconButton, QuotaWarning],
  template: `
    <app-quota-warning [of]="['files']" [with]="draft.media()?.id" />
    @if (draft.media(); as media) {
      <div class="chosen" data-testid="media">
        <span class="name">{{ media.fileName }}</span>
        <span class="muted numbers">{{ size() }}</span>
        <button
          matIconButton
          type="button"
          (click)="remove()"
          [attr.aria-label]="b('media.remove')"
          data-testid="media-remove"
        >
          <app-icon name="close" />
        </button>
      </div>
    } @else {
      <input
        #picker
        type="file"
        class="sr-only"
        tabindex="-1"
        [accept]="accepted"
        [attr.aria-label]="b('media.add')"
        (change)="upload(picker)"
        data-testid="media-file"
      />
      <button matButton="outlined" type="button" [disabled]="uploading()" disabledInteractive (click)="picker.click()">
        <app-icon name="plus" />{{ b(uploading() ? 'media.uploading' : 'media.add') }}
      </button>
      <span class="muted hint">{{ b('media.hint') }}</span>
    }
    <p class="fault" role="alert" [attr.data-testid]="fault() ? 'media-error' : null">{{ fault() }}</p>
  `,
  styles: `
    :host {
      display: block;
      margin-block-end: 12px;
    }
    .chosen {
      display: flex;
      align-items: center;
      gap: 10px;
      min-height: 44px;
      padding-inline-start: 12px;
      border: 1px solid var(--k-border);
      border-radius: 8px;
    }
    .name {
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .chosen button {
      margin-inline-start: auto;
    }
    .hint {
      margin-inline-start: 10px;
      font-size: 0.8125rem;
    }
    @media (max-width: 699px) {
      .hint {
        display: block;
        margin: 4px 0 0;
      }
    }
    .fault {
      min-height: 1.45em;
      margin-block-start: 3px;
      color: var(--k-danger);
      font-size: 0.8125rem;
    }
  `,
})
export class MediaField {
  readonly #api = inject(BlastApi);
  readonly #sentence = inject(FaultSentence);
  readonly #locale = inject(Texts).locale;
  protected readonly b = inject(BlastTexts).b;
  protected readonly draft = inject(BlastDraft);
  protected readonly accepted = Object.keys(MEDIA_TYPES).join(',');
  protected readonly uploading = signal(false);
  readonly #file = new FormField<File | null>(null);
  protected readonly fault = computed(() => this.#file.shownFault() ?? this.draft.fields.mediaId.shownFault());
  protected readonly size = computed(() => fileSize(this.draft.media()?.bytes ?? 0, this.#locale()));

  protected async upload(picker: HTMLInputElement): Promise<void> {
    const file = picker.files?.[0];
    // The same file again is a choice too.
    picker.value = '';
    if (!file || this.uploading()) return;
    this.#file.value.set(file);
    if (file.size > MEDIA_MAX_BYTES) return this.#file.refuse(FIELD_TEXTS.FILE_TOO_LARGE[this.#locale()]);
    this.uploading.set(true);
    try {
      const media = await this.#api.upload(file);
      const shown = media.kind === 'image' ? file : media.kind === 'video' ? await this.#illustrate(media, file) : null;
      this.draft.attach(media, shown && URL.createObjectURL(shown));
    } catch (thrown) {
      const fault = ApiFault.of(thrown);
      const unplaced = placeFault(fault, { file: this.#file, fileName: this.#file });
      if (unplaced.length || !fault.fields.length) this.#file.refuse(this.#sentence.of(fault));
    } finally {
      this.uploading.set(false);
    }
  }

  /** What phones show of a film; where that fails they draw their own, once they have it. */
  async #illustrate(media: BlastMedia, film: File): Promise<Blob | null> {
    const frame = await frameOf(film);
    if (frame) await this.#api.illustrate(media.id, frame).catch(() => undefined);
    return frame;
  }

  protected remove(): void {
    this.draft.attach(null, null);
  }
}
