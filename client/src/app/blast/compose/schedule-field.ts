import { Component, computed, inject, input, output } from '@angular/core';
import { OUTLET_ZONES, type OutletZone } from '@koneksi/contracts/blast-states';
import { Clock } from '../../core/clock';
import { BlastDraft } from '../blast-draft';
import { BlastTexts } from '../blast-texts';
import { localTimeIn } from '../../core/zoned-time';

/** Now, or at a time of day that each outlet reads off its own clocks. */
@Component({
  selector: 'app-schedule-field',
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
        <label class="at">
          {{ b('schedule.at') }}
          <input
            #at
            type="datetime-local"
            [value]="field.value()"
            [min]="earliest()"
            (change)="pick(at.value)"
            [attr.aria-invalid]="field.shownFault() !== null"
            aria-describedby="schedule-note"
            data-testid="scheduled-at"
          />
        </label>
        <p
          class="note"
          id="schedule-note"
          [class.fault]="field.shownFault() !== null"
          [attr.data-testid]="field.shownFault() ? 'scheduled-at-error' : null"
        >
          {{ field.shownFault() ?? b('schedule.zones', { zones: zoneNames() }) }}
        </p>
      }
      <label class="choice">
        <input type="checkbox" [checked]="draft.ends()" (change)="end(!draft.ends())" data-testid="ends" />
        {{ b('schedule.ends') }}
      </label>
      @if (draft.ends()) {
        <label class="at">
          {{ b('schedule.notAfter') }}
          <input
            #until
            type="datetime-local"
            [value]="untilField.value()"
            [min]="earliest()"
            (change)="pickEnd(until.value)"
            [attr.aria-invalid]="untilField.shownFault() !== null"
            aria-describedby="until-note"
            data-testid="not-after"
          />
        </label>
        <p class="note" id="until-note" [class.fault]="untilField.shownFault() !== null">
          {{ untilField.shownFault() ?? b('schedule.late') }}
        </p>
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
    .at {
      display: grid;
      gap: 4px;
      font-size: 0.8125rem;
      font-weight: 550;
    }
    .at input {
      max-width: 260px;
      height: 44px;
      padding: 0 12px;
      border: 1px solid var(--k-outline);
      border-radius: 8px;
      background: var(--k-surface);
      color: inherit;
      font-size: 1rem;
    }
    .at input[aria-invalid='true'] {
      border-color: var(--k-danger);
    }
    .note {
      margin-block-start: 4px;
      color: var(--k-muted);
      font-size: 0.8125rem;
    }
    .fault {
      color: var(--k-danger);
    }
  `,
})
export class ScheduleField {
  readonly zones = input.required<readonly OutletZone[]>();
  readonly changed = output();
  readonly #now = inject(Clock).minute;
  protected readonly b = inject(BlastTexts).b;
  protected readonly draft = inject(BlastDraft);
  protected readonly field = this.draft.fields.scheduledAt;
  protected readonly untilField = this.draft.fields.notAfter;
  readonly #zone = computed(() => this.zones()[0] ?? 'Asia/Jakarta');
  protected readonly earliest = computed(() => localTimeIn(this.#zone(), this.#now()));
  protected readonly zoneNames = computed(() =>
    (this.zones().length ? this.zones() : [this.#zone()]).map((zone) => OUTLET_ZONES[zone].abbreviation).join(', '),
  );

  protected choose(later: boolean): void {
    this.draft.later.set(later);
    if (!later) this.field.leave();
    // A proposal to start from: the next full hour but one.
    if (later && !this.field.value()) {
      const hour = 3_600_000;
      this.field.value.set(localTimeIn(this.#zone(), Math.ceil(this.#now() / hour) * hour + hour));
    }
    this.changed.emit();
  }

  protected end(ends: boolean): void {
    this.draft.ends.set(ends);
    if (!ends) this.untilField.leave();
    // To start from: the end of the day it begins on.
    const begins = this.draft.later() ? this.field.value() : localTimeIn(this.#zone(), this.#now());
    if (ends && !this.untilField.value()) this.untilField.value.set(`${begins.slice(0, 10)}T23:59`);
    this.changed.emit();
  }

  protected pickEnd(at: string): void {
    this.untilField.value.set(at.slice(0, 16));
    this.untilField.visit();
    if (at) this.changed.emit();
  }

  protected pick(at: string): void {
    this.field.value.set(at.slice(0, 16));
    this.field.visit();
    if (at) this.changed.emit();
  }
}
