import { Component, computed, inject, input } from '@angular/core';
import { dayOfYear } from '../core/formats';
import { Texts } from '../core/texts';
import { RelativeTime } from './relative-time';

/** Who removed something and when, and until when it can be brought back. */
@Component({
  selector: 'app-removed-when',
  imports: [RelativeTime],
  template: `
    <span
      >{{ t('bin.removed', { name: removal().removedBy }) }} · <app-relative-time [instant]="removal().removedAt"
    /></span>
    <span class="muted">{{ t('bin.until', { time: until() }) }}</span>
  `,
  styles: `
    :host {
      display: grid;
      font-size: 0.8125rem;
      overflow-wrap: anywhere;
    }
  `,
})
export class RemovedWhen {
  readonly removal = input.required<{ removedAt: string; removedBy: string; expiresAt: string }>();
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly until = computed(() => dayOfYear(Date.parse(this.removal().expiresAt), this.#texts.locale()));
}
