import { Component, computed, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { BlastPreview } from '@koneksi/contracts/blast-preview';
import { FIELD_TEXTS } from '@koneksi/contracts/field-texts';
import type { BirthdayField, CreateRepeatingBlast, RepeatRule } from '@koneksi/contracts/repeating-blasts';
import { AuthStore } from '../../core/auth-store';
import { Texts } from '../../core/texts';
import { choicesOf } from '../../ui/forms/choice';
import { ChoiceField } from '../../ui/forms/choice-field';
import { FormField } from '../../ui/forms/form-field';
import { FormFoot } from '../../ui/forms/form-foot';
import { Submission } from '../../ui/forms/submission';
import { TextField } from '../../ui/forms/text-field';
import { BlastTexts, type BlastTextKey } from '../blast-texts';
import { PreviewWarnings } from '../compose/preview-warnings';
import { forgetKey, keyOf } from '../press-keys';
import { RepeatingApi } from './repeating-api';

/** The blast that is to come again, and what fields contacts have. */
export interface RepeatData {
  blast: Omit<CreateRepeatingBlast, 'title' | 'rule' | 'unknownTagsAcknowledged'>;
  title: string;
  fields: readonly string[];
  /** Whether a time was chosen for the blast, which its repetitions do not have. */
  losesTimes: boolean;
  /** Told here as well: whoever goes on means them. */
  unknownTags: BlastPreview['unknownTags'];
}

type Monthly = Extract<RepeatRule, { every: 'month' }>;

/** When a blast comes again. Closes with the day it comes first, once it was made. */
@Component({
  selector: 'app-repeat-dialog',
  imports: [ChoiceField, FormFoot, MatDialogModule, PreviewWarnings, TextField],
  template: `
    <h2 mat-dialog-title>{{ b('repeating.make') }}</h2>
    <form (submit)="save($event)" novalidate>
      <mat-dialog-content>
        <app-preview-warnings [preview]="warned" />
        @if (data.losesTimes) {
          <p role="status" data-testid="repeat-loses-times">{{ b('repeating.losesTimes') }}</p>
        }
        <app-text-field name="repeat-title" maxlength="80" [label]="b('review.name')" [field]="form.title" />
        <app-choice-field name="repeat-every" [label]="b('repeating.every')" [choices]="everies" [(value)]="every" />
        @if (every() === 'month') {
          <app-choice-field name="repeat-day" [label]="b('repeating.day')" [choices]="days" [(value)]="day" />
        } @else if (field()) {
          <app-choice-field name="repeat-field" [label]="b('repeating.field')" [choices]="fields()" [(value)]="field" />
          @if (counted(); as found) {
            <p class="muted" data-testid="birthdays-counted">{{ b('repeating.counted', found) }}</p>
          }
        } @else {
          <p class="problem" data-testid="no-birthdays">{{ b(lacking()) }}</p>
        }
        <app-text-field
          name="repeat-time"
          inputmode="numeric"
          maxlength="5"
          [label]="b('repeating.time')"
          [hint]="b('repeating.timeHint')"
          [field]="form.time"
        />
        <app-text-field
          name="repeat-holidays"
          [label]="b('repeating.holidays')"
          [hint]="b('repeating.holidaysHint')"
          [field]="form.rule"
        />
        @if (every() === 'month' && form.rule.value().trim()) {
          <app-choice-field
            name="repeat-on-holiday"
            [label]="b('repeating.onHoliday')"
            [choices]="instead"
            [(value)]="onHoliday"
          />
        }
        <p class="problem" role="alert" data-testid="repeat-problem">{{ submission.problem() }}</p>
      </mat-dialog-content>
      <app-form-foot
        submitId="repeat-save"
        [busy]="submission.busy() || (every() === 'birthday' && !field())"
        [words]="b('repeating.save')"
      />
    </form>
  `,
  styles: `
    app-choice-field {
      display: block;
      margin-block-end: 14px;
    }
  `,
  styleUrl: '../../ui/forms/form-dialog.css',
})
export class RepeatDialog {
  protected readonly data = inject<RepeatData>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<RepeatDialog, string>>(MatDialogRef);
  readonly #api = inject(RepeatingApi);
  readonly #owner = inject(AuthStore).userId();
  readonly #texts = inject(Texts);
  protected readonly b = inject(BlastTexts).b;

  protected readonly every = signal<RepeatRule['every']>('month');
  protected readonly day = signal('1');
  /** In which of the fields there are birthdays, and whose. */
  readonly #birthdays = signal<readonly BirthdayField[]>([]);
  protected readonly field = signal('');
  protected readonly fields = computed(() => choicesOf(this.#birthdays().map(({ field }) => field)));
  protected readonly counted = computed(() => this.#birthdays().find(({ field }) => field === this.field()));
  /** Why there is none to choose. */
  protected readonly lacking = signal<BlastTextKey>('repeating.counting');
  protected readonly onHoliday = signal<Monthly['onHoliday']>('skip');
  /** Whoever gets it by then is not counted yet. */
  protected readonly warned = { ...this.data, recipients: 0, tooLate: 0, waiting: null };
  protected readonly everies = (['month', 'birthday'] as const).map((value) => ({
    value,
    label: this.b(`repeating.${value}`),
  }));
  protected readonly days = Array.from({ length: 31 }, (_, at) => ({
    value: String(at + 1),
    label: at === 30 ? this.b('repeating.lastDay') : String(at + 1),
  }));
  protected readonly instead = (['skip', 'earlier', 'later'] as const).map((value) => ({
    value,
    label: this.b(`repeating.holiday.${value}`),
  }));
  readonly #dates = computed(() => datesIn(this.form.rule.value()));
  protected readonly form = {
    title: new FormField(this.data.title, (typed: string) =>
      typed.trim() ? null : FIELD_TEXTS.REQUIRED[this.#texts.locale()],
    ),
    time: new FormField('09:00', (typed: string) =>
      /^([01]\d|2[0-3])[:.][0-5]\d$/.test(typed.trim()) ? null : this.b('settings.timeShape'),
    ),
    // Named as the server names what is wrong about the rule as a whole.
    rule: new FormField('', (typed: string) => (datesIn(typed) ? null : this.b('repeating.holidaysShape'))),
  };
  protected readonly submission = new Submission(this.form);

  constructor() {
    void this.#countBirthdays();
  }

  async #countBirthdays(): Promise<void> {
    try {
      const found = this.data.fields.length > 0 ? await this.#api.birthdays(this.data.blast) : [];
      this.#birthdays.set(found);
      const named = found.find(({ field }) => /lahir|birth|ultah/.test(field)) ?? found[0];
      this.field.set(named?.field ?? '');
      this.lacking.set('repeating.noFields');
    } catch {
      this.lacking.set('repeating.notCounted');
    }
  }

  protected async save(event: Event): Promise<void> {
    await this.submission.run(event, async () => {
      const request = {
        ...this.data.blast,
        title: this.form.title.value().trim(),
        rule: this.#rule(),
        unknownTagsAcknowledged: this.data.unknownTags.length > 0,
      };
      const { key } = keyOf(this.#owner, JSON.stringify(request));
      const { nextOn } = await this.#api.create(request, key);
      forgetKey(key);
      this.#dialog.close(nextOn);
    });
  }

  #rule(): RepeatRule {
    const always = { time: this.form.time.value().trim().replace('.', ':'), holidays: this.#dates() ?? [] };
    if (this.every() === 'birthday') return { every: 'birthday', field: this.field(), ...always, onHoliday: 'skip' };
    return { every: 'month', day: Number(this.day()), ...always, onHoliday: this.onHoliday() };
  }
}

/** `2027-03-10, 11/03/2027` as days; `null` where something else stands there. */
function datesIn(typed: string): string[] | null {
  const days = typed
    .split(/[\s,;]+/)
    .filter(Boolean)
    .map((day) =>
      day.replace(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/, (_, d: string, m: string, y: string) =>
        [y, m.padStart(2, '0'), d.padStart(2, '0')].join('-'),
      ),
    );
  return days.every(isDay) ? days : null;
}

function isDay(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const instant = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day);
}
