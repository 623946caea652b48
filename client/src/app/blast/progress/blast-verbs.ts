import { Component, computed, inject, input } from '@angular/core';
import { MatButton, type MatButtonAppearance } from '@angular/material/button';
import type { Blast } from '@koneksi/contracts/blasts';
import { wholeNumber } from '../../core/formats';
import { Texts } from '../../core/texts';
import { Icon, type IconName } from '../../ui/icon';
import { BlastActions } from '../blast-actions';
import { BlastTexts } from '../blast-texts';
import { maySendAgain } from './may-send-again';

interface Verb {
  testId: string;
  look: MatButtonAppearance;
  icon: IconName;
  label: string;
  run: () => Promise<void>;
}

/** What may be done with a blast in the state it is in. */
@Component({
  selector: 'app-blast-verbs',
  imports: [Icon, MatButton],
  template: `
    @for (verb of verbs(); track verb.testId) {
      <button
        [matButton]="verb.look"
        [class.cancel]="verb.testId === 'cancel-blast'"
        [disabled]="actions.working()"
        disabledInteractive
        (click)="verb.run()"
        [attr.data-testid]="verb.testId"
      >
        <app-icon [name]="verb.icon" />{{ verb.label }}
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px;
    }
    .cancel {
      --mat-button-text-label-text-color: var(--k-danger);
    }
    @media (max-width: 699px) {
      button {
        flex: 1 1 auto;
        min-width: max-content;
      }
    }
  `,
})
export class BlastVerbs {
  readonly blast = input.required<Blast>();
  protected readonly actions = inject(BlastActions);
  readonly #b = inject(BlastTexts).b;
  readonly #locale = inject(Texts).locale;

  readonly #stopped = computed(() => this.blast().outlets.some(({ hold }) => hold?.code.startsWith('STOPPED')));
  protected readonly verbs = computed((): Verb[] => {
    const { status, counts, mayChange, startedAt, purgedAt, undoUntil, tooOften } = this.blast();
    const download: Verb = this.#verb('download', 'text', 'download', 'csv', () => this.actions.download());
    if (!mayChange) return [download];
    const isOpen = status !== 'finished' && status !== 'canceled';
    const [failed, often] = [counts.failed, tooOften].map((count) => wholeNumber(count, this.#locale()));
    const verbs: [boolean, Verb][] = [
      [status === 'scheduled', this.#verb('start', 'filled', 'play', 'start', () => this.actions.start())],
      [
        status === 'running' || status === 'scheduled',
        this.#verb('pause-blast', 'tonal', 'pause', 'pause', () => this.actions.pause()),
      ],
      [
        status === 'paused' || (status === 'running' && this.#stopped()),
        this.#verb('resume-blast', 'filled', 'play', 'resume', () => this.actions.resume()),
      ],
      [
        counts.failed + tooOften > 0 && maySendAgain(this.blast()),
        {
          ...this.#verb('retry-failed', 'tonal', 'refresh', 'retry', () => this.actions.retry()),
          label:
            counts.failed > 0
              ? this.#b('actions.retryMany', { count: failed ?? '' })
              : this.#b('actions.retryOften', { count: often ?? '' }),
        },
      ],
      [
        isOpen && startedAt === null && undoUntil === null,
        this.#verb('change-blast', 'text', 'edit', 'change', () => this.actions.again(true)),
      ],
      [!isOpen && purgedAt === null, this.#verb('use-again', 'text', 'copy', 'again', () => this.actions.again(false))],
      [isOpen, this.#verb('cancel-blast', 'text', 'close', 'cancel', () => this.actions.cancel())],
      [true, download],
    ];
    return verbs.flatMap(([may, verb]) => (may ? [verb] : []));
  });

  #verb(
    testId: string,
    look: MatButtonAppearance,
    icon: IconName,
    text: 'start' | 'pause' | 'resume' | 'retry' | 'cancel' | 'csv' | 'change' | 'again',
    run: () => Promise<void>,
  ): Verb {
    return { testId, look, icon, label: this.#b(`actions.${text}`), run };
  }
}
