import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { Blast } from '@koneksi/contracts/blasts';
import { Clock } from '../../core/clock';
import { countdown } from '../../core/formats';
import { Texts } from '../../core/texts';
import { BlastActions } from '../blast-actions';
import { BlastTexts } from '../blast-texts';

/** For some seconds after the press: nothing has left yet, and it can be taken back. */
@Component({
  selector: 'app-blast-undo',
  imports: [MatButton],
  template: `
    @if (left(); as left) {
      <div class="undo" role="status">
        <span data-testid="undo-left">{{ b('undo.starts', { left }) }}</span>
        <button
          matButton="filled"
          type="button"
          [disabled]="actions.working()"
          disabledInteractive
          (click)="actions.takeBack()"
          data-testid="undo"
        >
          {{ b('undo.undo') }}
        </button>
      </div>
    }
  `,
  styles: `
    .undo {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 8px 16px;
      padding: 10px 14px;
      border-radius: 8px;
      background: var(--k-accent-soft);
      font-weight: 600;
    }
  `,
})
export class BlastUndo {
  readonly blast = input.required<Blast>();
  readonly #now = inject(Clock).now;
  readonly #locale = inject(Texts).locale;
  protected readonly b = inject(BlastTexts).b;
  protected readonly actions = inject(BlastActions);
  protected readonly left = computed(() => {
    const { status, undoUntil, mayChange } = this.blast();
    if (status !== 'scheduled' || undoUntil === null || !mayChange) return null;
    const ms = Date.parse(undoUntil) - this.#now();
    return ms > 0 ? countdown(ms, this.#locale()) : null;
  });
}
