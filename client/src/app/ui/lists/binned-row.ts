import { Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { dayOfYear } from '../../core/formats';
import { Texts } from '../../core/texts';
import { Icon } from '../icon';
import { RelativeTime } from '../relative-time';

/** What was removed (projected), by whom and when, until when it can be brought back, and both ways out of the bin. */
@Component({
  selector: '[appBinnedRow]',
  imports: [Icon, MatButton, RelativeTime],
  template: `
    <ng-content />
    <div class="when">
      <span
        >{{ t('bin.removed', { name: removal().removedBy }) }} · <app-relative-time [instant]="removal().removedAt"
      /></span>
      <span class="muted">{{ t('bin.until', { time: until() }) }}</span>
    </div>
    <div class="commands">
      <button
        matButton
        (click)="purge.emit()"
        [attr.aria-label]="t('bin.purgeNamed', { name: name() })"
        [attr.data-testid]="'purge-' + kind()"
      >
        <app-icon name="trash" />{{ t('bin.purge') }}
      </button>
      <button
        matButton="tonal"
        (click)="restore.emit()"
        [attr.aria-label]="t('bin.restoreNamed', { name: name() })"
        [attr.data-testid]="'restore-' + kind()"
      >
        <app-icon name="undo" />{{ t('bin.restore') }}
      </button>
    </div>
  `,
  styles: `
    .when {
      display: flex;
      flex-wrap: wrap;
      gap: 0 12px;
      overflow-wrap: anywhere;
    }
    .commands {
      display: flex;
      flex-wrap: wrap;
      justify-content: end;
      gap: 8px;
    }
    @media (min-width: 900px) {
      .commands {
        --mat-button-touch-target-display: none;
      }
      .commands button {
        height: 28px;
        min-height: 28px;
        font-size: 0.8125rem;
      }
    }
  `,
})
export class BinnedRow {
  readonly removal = input.required<{ removedAt: string; removedBy: string; expiresAt: string }>({
    alias: 'appBinnedRow',
  });
  readonly kind = input.required<'outlet' | 'contact'>();
  readonly name = input.required<string>();
  readonly purge = output();
  readonly restore = output();
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly until = computed(() => dayOfYear(Date.parse(this.removal().expiresAt), this.#texts.locale()));
}
