import { Component, computed, inject, signal } from '@angular/core';
import type { UpdateBlastPolicy } from '@koneksi/contracts/messages';
import { BlastApi } from './blast-api';
import { ApiFault } from '../core/api-fault';
import { FaultSentence } from '../core/fault-sentence';
import { ChoiceField } from '../ui/choice-field';
import { SwitchField } from '../ui/switch-field';
import { BlastTexts } from './blast-texts';

const OFFERED = [1, 2, 3, 4, 5, 7, 10];
const NO_LIMIT = '';

/**
 * What holds for all outlets: how many blasts one number gets at most in a week, and whether a STOP is answered. Kept as
 * soon as it is chosen.
 */
@Component({
  selector: 'app-policy-field',
  imports: [ChoiceField, SwitchField],
  template: `
    @if (chosen() !== null) {
      <app-choice-field
        name="blasts-per-week"
        [label]="b('policy.label')"
        [choices]="choices()"
        [value]="chosen() ?? ''"
        (valueChange)="keep($event)"
      />
      <app-switch-field
        name="confirm-stop"
        [label]="b('policy.confirmStop')"
        [hint]="b('policy.confirmStopHint')"
        [on]="confirms()"
        (onChange)="confirm($event)"
      />
    }
    <p role="status" class="muted" data-testid="policy-note">{{ note() }}</p>
  `,
  styles: `
    :host {
      display: block;
      max-width: 420px;
      margin-block-start: 16px;
    }
    app-switch-field {
      margin-block-start: 12px;
    }
    p {
      min-height: 1.5em;
      font-size: 0.8125rem;
    }
  `,
})
export class PolicyField {
  readonly #api = inject(BlastApi);
  readonly #sentence = inject(FaultSentence);
  protected readonly b = inject(BlastTexts).b;
  /** `null` until it is known. */
  protected readonly chosen = signal<string | null>(null);
  protected readonly confirms = signal(true);
  protected readonly note = signal('');
  protected readonly choices = computed(() => {
    const kept = Number(this.chosen() ?? 0);
    // Programs may have set any other number.
    const offered =
      kept > 0 && !OFFERED.includes(kept) ? [...OFFERED, kept].sort((one, other) => one - other) : OFFERED;
    return [
      { value: NO_LIMIT, label: this.b('policy.none') },
      ...offered.map((count) => ({ value: String(count), label: this.b('policy.count', { count }) })),
    ];
  });

  constructor() {
    this.#api.policy().then(
      ({ perWeek, confirmStop }) => {
        this.chosen.set(perWeek === null ? NO_LIMIT : String(perWeek));
        this.confirms.set(confirmStop);
      },
      (thrown: unknown) => this.note.set(this.#sentence.of(ApiFault.of(thrown))),
    );
  }

  protected async keep(chosen: string): Promise<void> {
    const before = this.chosen();
    this.chosen.set(chosen);
    const perWeek = chosen === NO_LIMIT ? null : Number(chosen);
    if (!(await this.#set({ perWeek }))) this.chosen.set(before);
  }

  protected async confirm(confirmStop: boolean): Promise<void> {
    this.confirms.set(confirmStop);
    if (!(await this.#set({ confirmStop }))) this.confirms.set(!confirmStop);
  }

  /** Whether it was kept. */
  async #set(changes: UpdateBlastPolicy): Promise<boolean> {
    try {
      await this.#api.setPolicy(changes);
      this.note.set(this.b('policy.kept'));
      return true;
    } catch (thrown) {
      this.note.set(this.#sentence.of(ApiFault.of(thrown)));
      return false;
    }
  }
}
