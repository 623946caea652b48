import { Component, computed, inject, input, output } from '@angular/core';
import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import { Clock } from '../../core/clock';
import { Texts } from '../../core/texts';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';
import { localDate, localTimeIn } from '../../core/zoned-time';
import type { FormField } from '../../ui/forms/form-field';
import { TextField } from '../../ui/forms/text-field';

/** Now, or at a time of day that each outlet reads off its own clocks. */
@Component({
  selector: 'app-schedule-field',
  imports: [TextField],
  template: `
    <fieldset>
      <legend>{{ b('schedule.title') }}</legend>
      <label class="choice">
        <input type="radio" name="when" [checked]="!draft.later()" (change)="choose(false)" data-testid="send-now" />
        {{ b('schedule.now') }}
      </label>
      <label class="choice">
        <input type="radio" name="when" [checked]="draft.later()" (change)="choose(true)" data-testid="send-later" />
        {{ b('schedule.later') }}
      </label>
      @if (draft.later()) {
        <app-text-field
          type="datetime-local"
          name="scheduled-at"
          [label]="b('schedule.at')"
          [hint]="clocks()"
          [min]="earliest()"
          [field]="begin"
          (change)="picked(begin)"
        />
      }
      @if (!draft.later() && draft.passed().scheduledAt; as at) {
        <p class="note" role="status" data-testid="passed-schedule">{{ b('schedule.passed', { time: date(at) }) }}</p>
      }
      <label class="choice">
        <input type="checkbox" [checked]="draft.ends()" (change)="end(!draft.ends())" data-testid="ends" />
        {{ b('schedule.ends') }}
      </label>
      @if (draft.ends()) {
        <app-text-field
          type="datetime-local"
          name="not-after"
          [label]="b('schedule.notAfter')"
          [hint]="b('schedule.late')"
          [min]="earliest()"
          [field]="until"
          (change)="picked(until)"
        />
      }
      @if (!draft.ends() && draft.passed().notAfter; as at) {
        <p class="note" role="status" data-testid="passed-end">{{ b('schedule.passedEnd', { time: date(at) }) }}</p>
      }
      <p class="note">{{ b('schedule.quiet') }}</p>
    </fieldset>
  `,
  styles: `
    fieldset {
      margin-block-end: 14px;
    }
    legend {
      font-size: 0.9375rem;
      font-weight: 600;
    }
    .choice {
      display: inline-flex;
      align-items: center;
      gap: 8px;
      min-height: 44px;
      margin-inline-end: 24px;
      cursor: pointer;
    }
    app-text-field {
      max-width: 260px;
    }
    .note {
      margin-block-start: 4px;
      color: var(--k-muted);
      font-size: 0.8125rem;
    }
  `,
})
export class ScheduleField {
  /** Those of the chosen outlets; none while nobody has told them. */
  readonly zones = input.required<readonly OutletZone[]>();
  readonly changed = output();
  readonly #now = inject(Clock).minute;
  readonly #locale = inject(Texts).locale;
  protected readonly b = inject(BlastTexts).b;
  protected readonly draft = inject(BlastDraft);
  protected readonly begin = this.draft.fields.scheduledAt;
  protected readonly until = this.draft.fields.notAfter;
  readonly #fromWest = computed(() =>
    this.zones().toSorted((one, other) => OUTLET_ZONES[one].offsetMinutes - OUTLET_ZONES[other].offsetMinutes),
  );
  /** Where it is latest: a time that has not passed there has passed nowhere. */
  readonly #zone = computed(() => this.#fromWest().at(-1) ?? 'Asia/Jakarta');
  protected readonly earliest = computed(() => localTimeIn(this.#zone(), this.#now()));
  protected readonly clocks = computed(() => {
    const zones = this.#fromWest().map((zone) => OUTLET_ZONES[zone].abbreviation);
    return zones.length ? this.b('schedule.zones', { zones: zones.join(', ') }) : this.b('schedule.ownClocks');
  });

  protected date(local: string): string {
    return localDate(local, this.#locale());
  }

  protected choose(later: boolean): void {
    this.draft.later.set(later);
    if (!later) this.begin.leave();
    // A proposal to start from: the next full hour but one.
    if (later && !this.begin.value()) {
      const hour = 3_600_000;
      this.begin.value.set(localTimeIn(this.#zone(), Math.ceil(this.#now() / hour) * hour + hour));
    }
    this.changed.emit();
  }

  protected end(ends: boolean): void {
    this.draft.ends.set(ends);
    if (!ends) this.until.leave();
    // To start from: the end of the day it begins on.
    const begins = this.draft.later() ? this.begin.value() : localTimeIn(this.#zone(), this.#now());
    if (ends && !this.until.value()) this.until.value.set(`${begins.slice(0, 10)}T23:59`);
    this.changed.emit();
  }

  protected picked(field: FormField<string>): void {
    field.visit();
    if (field.value()) this.changed.emit();
  }
}
