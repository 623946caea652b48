import { Component, computed, inject, input } from '@angular/core';
import type { BlastPreview, UnknownTag, Waiting } from '@koneksi/contracts/blast-preview';
import { exactTime } from '../../core/formats';
import { Texts } from '../../core/texts';
import { BlastTexts } from '../blast-texts';
import type { ToldAlarm } from './preflight-texts';

/** Of the blasts that people wait for. */
const MOST_NAMED = 3;

export type Warned = Pick<BlastPreview, 'recipients' | 'tooLate' | 'unknownTags' | 'waiting'>;

/** What of a preview must be seen before anything leaves, wherever it is looked at. */
@Component({
  selector: 'app-preview-warnings',
  template: `
    @for (warning of warnings(); track warning.text) {
      <p class="alarm" role="alert" [attr.data-testid]="'alarm-' + warning.of">
        <span>{{ warning.text }}</span>
        @if (warning.why) {
          <span class="why" data-testid="alarm-why">{{ warning.why }}</span>
        }
      </p>
    }
  `,
  styles: `
    :host {
      display: contents;
    }
    .alarm {
      flex-basis: 100%;
      padding: 10px 12px;
      border-radius: 8px;
      background: var(--k-bad-soft);
      color: var(--k-bad);
      font-weight: 600;
    }
    .why {
      display: block;
      font-size: 0.875rem;
      font-weight: 500;
    }
  `,
})
export class PreviewWarnings {
  readonly preview = input.required<Warned>();
  /** Told before all others. */
  readonly alarms = input<readonly ToldAlarm[]>([]);
  readonly #b = inject(BlastTexts).b;
  readonly #number = inject(Texts).number;
  readonly #locale = inject(Texts).locale;
  protected readonly warnings = computed(() => {
    const { unknownTags, tooLate, recipients, waiting } = this.preview();
    const late = { count: this.#number(tooLate), of: this.#number(recipients) };
    const told = [
      ...unknownTags.map((unknown) => ({ of: 'unknown-tag', text: this.#tagText(unknown) })),
      ...(tooLate > 0 ? [{ of: 'too-late', text: this.#b('warnings.tooLate', late) }] : []),
      ...(waiting ? [{ of: 'waiting', text: this.#waitingText(waiting) }] : []),
    ];
    return [...this.alarms(), ...told.map((each) => ({ ...each, why: null }))];
  });

  #waitingText({ people, of, blasts }: Waiting): string {
    const named = blasts.slice(0, MOST_NAMED).map(({ title, createdAt, createdBy, status }) =>
      this.#b('warnings.aBlast', {
        title: title ?? this.#b('warnings.untitled', { by: createdBy, time: exactTime(createdAt, this.#locale()) }),
        status: this.#b(`state.${status}`),
      }),
    );
    const others = blasts.length - named.length;
    const list = [...named, ...(others > 0 ? [this.#b('warnings.others', { count: this.#number(others) })] : [])];
    return this.#b('warnings.waiting', { people: this.#number(people), of: this.#number(of), blasts: list.join(', ') });
  }

  #tagText({ tag, use, meant }: UnknownTag): string {
    const told =
      use === 'except' ? this.#b('warnings.exceptsNobody', { tag }) : this.#b('warnings.reachesNobody', { tag });
    return meant === null ? told : `${told} ${this.#b('warnings.meant', { tag: meant })}`;
  }
}
