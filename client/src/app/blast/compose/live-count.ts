import { Component, computed, effect, inject, signal } from '@angular/core';
import type { AudienceCount, CountAudience } from '@koneksi/contracts/blast-requests';
import { settled } from '../../core/settled';
import { wholeNumber } from '../../core/formats';
import { Texts } from '../../core/texts';
import { BlastApi } from '../blast-api';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';
import { NoNumbersList } from './no-numbers';

/** How many are meant, while they are being chosen. */
@Component({
  selector: 'app-live-count',
  imports: [NoNumbersList],
  template: `
    @if (shown(); as shown) {
      <p role="status" data-testid="live-count">
        <strong class="numbers">{{ shown }}</strong> {{ b('review.recipients') }}
      </p>
    }
    @if (noNumbers(); as told) {
      <app-no-numbers [told]="told" />
    }
  `,
  styles: `
    p {
      margin-block-start: 12px;
      color: var(--k-muted);
    }
    strong {
      color: var(--k-text);
      font-size: 1.25rem;
    }
  `,
})
export class LiveCount {
  readonly #api = inject(BlastApi);
  readonly #locale = inject(Texts).locale;
  readonly #draft = inject(BlastDraft);
  protected readonly b = inject(BlastTexts).b;
  readonly #count = signal<AudienceCount | null>(null);
  protected readonly noNumbers = computed(() => this.#count()?.noNumbers ?? null);
  protected readonly shown = computed(() => {
    const count = this.#count();
    return count === null ? null : wholeNumber(count.recipients, this.#locale());
  });
  /** Of the draft, what the count depends on; empty where nobody is chosen yet. */
  readonly #asked = computed(() => {
    const { outletIds, audience, scheduledAt } = this.#draft.toPreview();
    const isChosen = (outletIds === 'all' || outletIds.length > 0) && this.#draft.fields.phones.fault() === null;
    return isChosen
      ? JSON.stringify({ outletIds, audience, scheduledAt: scheduledAt || null } satisfies CountAudience)
      : '';
  });

  constructor() {
    const resting = settled(this.#asked, 350);
    effect((onCleanup) => {
      const asked = resting();
      if (asked === '') return this.#count.set(null);
      let isOver = false;
      onCleanup(() => (isOver = true));
      this.#api.count(JSON.parse(asked) as CountAudience).then(
        (count) => {
          if (!isOver) this.#count.set(count);
        },
        // The preview counts again, and says what is wrong.
        () => {
          if (!isOver) this.#count.set(null);
        },
      );
    });
  }
}
