import { Component, computed, inject } from '@angular/core';
import { Texts } from '../core/texts';
import { BulkRuns } from './bulk-runs';

/** How far what is being done to many outlets is, on every page. */
@Component({
  selector: 'app-bulk-progress-bar',
  template: `
    @if (progress(); as progress) {
      <div class="bar floating" data-testid="bulk-progress">
        <span class="numbers" id="bulk-progress-words">{{ words() }}</span>
        <progress aria-labelledby="bulk-progress-words" [value]="progress.done" [max]="progress.of"></progress>
      </div>
    }
  `,
  styles: `
    .bar {
      position: fixed;
      inset: auto 0 calc(16px + var(--k-bottom-nav));
      z-index: 10;
      display: grid;
      gap: 6px;
      width: min(360px, calc(100vw - 24px));
      margin-inline: auto;
      padding: 10px 16px;
      border: 1px solid var(--k-border);
      border-radius: 12px;
      background: var(--k-surface);
      box-shadow: 0 6px 24px rgb(0 0 0 / 22%);
    }
    progress {
      width: 100%;
      accent-color: var(--k-accent);
    }
  `,
})
export class BulkProgressBar {
  readonly #texts = inject(Texts);
  protected readonly progress = inject(BulkRuns).progress;
  protected readonly words = computed(() => {
    const progress = this.progress();
    if (!progress) return '';
    const { number } = this.#texts;
    return this.#texts.t(`bulk.running.${progress.verb}`, { done: number(progress.done), all: number(progress.of) });
  });
}
