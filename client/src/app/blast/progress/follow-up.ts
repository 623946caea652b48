import { Component, computed, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { FOLLOW_UPS } from '@koneksi/contracts/follow-ups';
import type { Blast } from '@koneksi/contracts/blasts';
import { BlastActions } from '../blast-actions';
import { BlastTexts } from '../blast-texts';

/** Another message to whom this one did not reach as far as was hoped. */
@Component({
  selector: 'app-follow-up',
  imports: [MatButton],
  template: `
    @if (isOver()) {
      <span class="muted" id="follow-up">{{ b('follow.title') }}</span>
      @for (choice of choices(); track choice.who) {
        <button
          matButton
          type="button"
          [attr.data-testid]="'follow-' + choice.who"
          aria-describedby="follow-up"
          (click)="actions.follow(choice.who)"
        >
          {{ choice.label }}
        </button>
      }
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px 8px;
      font-size: 0.8125rem;
    }
  `,
})
export class FollowUpChoice {
  readonly blast = input.required<Blast>();
  protected readonly actions = inject(BlastActions);
  protected readonly b = inject(BlastTexts).b;
  protected readonly isOver = computed(
    () => this.blast().mayChange && this.blast().status === 'finished' && this.choices().length > 0,
  );
  /** Those that are anybody. */
  protected readonly choices = computed(() => {
    const { counts, replied, tooOften } = this.blast();
    const reached = counts.sent + counts.delivered + counts.read;
    const left = {
      undelivered: counts.sent + counts.failed + tooOften,
      unread: counts.sent + counts.delivered,
      unanswered: reached - replied,
    };
    return FOLLOW_UPS.filter((who) => left[who] > 0).map((who) => ({ who, label: this.b(`follow.who.${who}`) }));
  });
}
