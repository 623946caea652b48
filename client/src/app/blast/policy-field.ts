import { Component, computed, inject, signal } from '@angular/core';
import type { BlastPolicy, UpdateBlastPolicy } from '@koneksi/contracts/messages';
import { BlastApi } from './blast-api';
import { ApiFault } from '../core/api-fault';
import type { Edited } from '../core/edited';
import { FaultSentence } from '../core/fault-sentence';
import { whenRecordsChange } from '../core/records-changed';
import { ChoiceField } from '../ui/forms/choice-field';
import { SwitchField } from '../ui/forms/switch-field';
import { BlastTexts } from './blast-texts';

const OFFERED = [1, 2, 3, 4, 5, 7, 10];
const NO_LIMIT = '';

/**
 * What holds for all outlets: how many blasts one number gets at most in a week, whether a STOP is answered, and whether
 * the words of replies are kept. Kept as soon as it is chosen.
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
      <app-switch-field
        name="keep-replies"
        [label]="b('policy.keepReplies')"
        [hint]="b('policy.keepRepliesHint', { days: days() })"
        [on]="keeps()"
        (onChange)="keepReplies($event)"
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
  protected readonly keeps = signal(false);
  protected readonly days = signal(0);
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

  /** As it is shown, but for what is chosen and not kept yet. */
  #seen: Edited<BlastPolicy> | null = null;
  /** Chosen on what was seen, and kept one after the other: what is pressed next is no change by somebody else. */
  readonly #queued: UpdateBlastPolicy[] = [];
  #choices = 0;
  /** Somebody else changed it, and it was not read since. */
  #stale = false;

  constructor() {
    whenRecordsChange(['blast-policy'], () => this.#readAgain());
    this.#load().catch((thrown: unknown) => this.note.set(this.#sentence.of(ApiFault.of(thrown))));
  }

  protected keep(chosen: string): void {
    this.chosen.set(chosen);
    this.#choose({ perWeek: chosen === NO_LIMIT ? null : Number(chosen) });
  }

  protected confirm(confirmStop: boolean): void {
    this.confirms.set(confirmStop);
    this.#choose({ confirmStop });
  }

  protected keepReplies(keepReplies: boolean): void {
    this.keeps.set(keepReplies);
    this.#choose({ keepReplies });
  }

  #choose(changes: UpdateBlastPolicy): void {
    this.#choices += 1;
    if (this.#queued.push(changes) === 1) void this.#keepQueued();
  }

  async #keepQueued(): Promise<void> {
    const refused: string[] = [];
    for (let changes = this.#queued[0]; changes; changes = this.#queued[0]) {
      try {
        this.#seen = await this.#api.setPolicy(changes, this.#seen?.ifMatch);
        this.note.set(this.b('policy.kept'));
      } catch (thrown) {
        const fault = ApiFault.of(thrown);
        this.#stale ||= fault.code === 'CHANGED_MEANWHILE';
        refused.push(this.b('policy.yours', { chosen: this.#told(changes) }));
        this.note.set([this.#sentence.of(fault), ...refused].join(' '));
      }
      this.#queued.shift();
    }
    if (this.#stale) await this.#load().catch(() => undefined);
    this.#show();
  }

  async #readAgain(): Promise<void> {
    this.#stale = true;
    if (this.#queued.length === 0) await this.#load();
  }

  /** What was chosen on what was seen is sent with that: an answer that comes meanwhile is asked for anew afterwards. */
  async #load(): Promise<void> {
    const choices = this.#choices;
    const edited = await this.#api.policy();
    if (choices !== this.#choices) return this.#readAgain();
    this.#stale = false;
    this.#seen = edited;
    this.#show();
  }

  #show(): void {
    if (!this.#seen || this.#queued.length > 0) return;
    const { perWeek, confirmStop, keepReplies, contentDays } = this.#seen.value;
    this.chosen.set(perWeek === null ? NO_LIMIT : String(perWeek));
    this.confirms.set(confirmStop);
    this.keeps.set(keepReplies);
    this.days.set(contentDays);
  }

  /** In the words of the field it was chosen in. */
  #told({ perWeek, confirmStop, keepReplies }: UpdateBlastPolicy): string {
    if (perWeek !== undefined)
      return perWeek === null ? this.b('policy.none') : this.b('policy.count', { count: perWeek });
    const label = this.b(keepReplies === undefined ? 'policy.confirmStop' : 'policy.keepReplies');
    return `${label}: ${this.b((keepReplies ?? confirmStop) ? 'policy.on' : 'policy.off')}`;
  }
}
