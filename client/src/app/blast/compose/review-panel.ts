import { Component, computed, inject, input, output } from '@angular/core';
import { SKIP_REASONS, type OutletZone, type SkipReason } from '@koneksi/contracts/blast-states';
import type { BlastPreview, OutletPreview } from '@koneksi/contracts/blast-preview';
import { Clock } from '../../core/clock';
import { wholeNumber } from '../../core/formats';
import { Texts } from '../../core/texts';
import { limitsText } from '../../live-status/limits-text';
import { reasonText } from '../../live-status/reason-text';
import { TextField } from '../../ui/forms/text-field';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';
import { ChatBubble } from '../chat-bubble';
import { NoNumbersList } from './no-numbers';
import { spanOf } from './preflight';
import { PreflightTexts } from './preflight-texts';
import { PreviewWarnings } from './preview-warnings';
import { ScheduleField } from './schedule-field';
import { zonedTime } from '../../core/zoned-time';

/** Who would get what, who would not and why, and when it would be done. Nothing of it exists yet. */
@Component({
  selector: 'app-review-panel',
  imports: [ChatBubble, NoNumbersList, PreviewWarnings, ScheduleField, TextField],
  templateUrl: './review-panel.html',
  styleUrl: './review-panel.css',
})
export class ReviewPanel {
  readonly preview = input.required<BlastPreview>();
  /** Of the chosen outlets. */
  readonly zones = input.required<readonly OutletZone[]>();
  readonly recounting = input.required<boolean>();
  readonly scheduleChanged = output();
  readonly #texts = inject(Texts);
  protected readonly number = this.#texts.number;
  readonly #minute = inject(Clock).minute;
  readonly #told = inject(PreflightTexts);
  protected readonly b = inject(BlastTexts).b;
  protected readonly draft = inject(BlastDraft);

  /** Those with nobody to write to are counted, not listed. */
  protected readonly rows = computed(() =>
    this.preview()
      .outlets.filter(isFor)
      .map((outlet) => this.#row(outlet)),
  );
  protected readonly others = computed(() => {
    const count = this.preview().outlets.length - this.rows().length;
    return count ? this.b('review.others', { count: this.number(count) }) : null;
  });
  protected readonly skipped = computed(() => this.#skips(this.preview().skipped));
  protected readonly sample = computed(() => {
    const outlet = this.preview().outlets.find(({ sample }) => sample !== null);
    if (!outlet?.sample) return null;
    const { sample, estimate, outletName } = outlet;
    return { ...sample, sender: outletName, at: estimate && this.#time(estimate.startsAt, estimate.zone) };
  });
  protected readonly ends = computed(() => {
    const { outlets, finishesAt } = this.preview();
    const last = outlets.find(({ estimate }) => estimate?.finishesAt === finishesAt)?.estimate;
    return last ? (this.#time(last.finishesAt, last.zone) ?? this.b('review.never')) : null;
  });

  readonly #span = computed(() => spanOf(this.preview()));
  protected readonly alarms = computed(() => this.#told.alarms(this.preview(), this.draft.fields.message.value()));
  protected readonly takes = computed(() => this.#told.takes(this.#span()));
  protected readonly isLong = computed(() => this.alarms().some(({ of }) => of === 'long' || of === 'says-when'));
  /** Where no alarm says so. */
  protected readonly why = computed(() => (this.isLong() ? null : this.#told.why(this.#span())));

  #row({ outletId, outletName, healthy, reason, recipients, newChats, skipped, estimate, limits }: OutletPreview) {
    return {
      id: outletId,
      name: outletName,
      unable: healthy ? null : reason ? reasonText(reason, this.#texts.locale()).message : this.b('review.unhealthy'),
      recipients: this.number(recipients),
      newChats: newChats ? this.b('review.newChats', { count: this.number(newChats) }) : null,
      limits: newChats
        ? limitsText(limits, this.#texts, (iso) => this.#time(iso, estimate?.zone ?? 'Asia/Jakarta') ?? iso)
        : null,
      skips: this.#skips(skipped),
      span: this.#between(estimate),
      waits: estimate?.waitsFor ? this.b(`review.waits.${estimate.waitsFor}`) : null,
    };
  }

  #skips(skipped: Partial<Record<SkipReason, number>>): string[] {
    const locale = this.#texts.locale();
    return (Object.keys(SKIP_REASONS) as SkipReason[]).flatMap((reason) =>
      skipped[reason] ? [`${SKIP_REASONS[reason][locale]}: ${wholeNumber(skipped[reason], locale)}`] : [],
    );
  }

  #between(estimate: OutletPreview['estimate']): string | null {
    const starts = estimate && this.#time(estimate.startsAt, estimate.zone);
    const ends = estimate && this.#time(estimate.finishesAt, estimate.zone);
    return starts && this.b('review.span', { starts, ends: ends ?? '…' });
  }

  #time(iso: string | null, zone: OutletZone): string | null {
    return iso && zonedTime(iso, zone, this.#texts.locale(), this.#minute());
  }
}

const isFor = ({ recipients, skipped, healthy }: OutletPreview): boolean =>
  recipients > 0 || !healthy || Object.keys(skipped).length > 0;
