import { Component, computed, inject, input } from '@angular/core';
import { importReasonText } from '@koneksi/contracts/import-texts';
import type { NoNumbers } from '@koneksi/contracts/no-numbers';
import { Texts } from '../../core/texts';
import { BlastTexts } from '../blast-texts';

/** What of the pasted is no number to write to, and why. */
@Component({
  selector: 'app-no-numbers',
  host: { 'aria-live': 'polite' },
  template: `
    @if (told().count) {
      <details [open]="lines().length <= 3" data-testid="no-numbers">
        <summary>{{ heading() }}</summary>
        <ul>
          @for (line of lines(); track line.line) {
            <li>
              <strong>{{ line.typed || '…' }}</strong> {{ line.why }}
            </li>
          }
          @if (others(); as others) {
            <li>{{ others }}</li>
          }
        </ul>
      </details>
    }
  `,
  styles: `
    :host {
      display: block;
      flex-basis: 100%;
      min-width: 0;
    }
    details {
      margin-block-start: 8px;
      color: var(--k-danger);
      font-size: 0.875rem;
    }
    summary {
      padding-block: 8px;
      font-weight: 600;
      cursor: pointer;
    }
    ul {
      max-height: 180px;
      margin: 0;
      padding: 0 0 8px;
      overflow-y: auto;
      list-style: none;
    }
    li {
      padding-block: 2px;
      overflow-wrap: anywhere;
    }
    strong {
      color: var(--k-text);
      font-weight: 550;
    }
  `,
})
export class NoNumbersList {
  readonly told = input.required<NoNumbers>();
  readonly #texts = inject(Texts);
  readonly #b = inject(BlastTexts).b;
  protected readonly heading = computed(() =>
    this.#b('people.noNumbers', { count: this.#texts.number(this.told().count) }),
  );
  protected readonly lines = computed(() =>
    this.told().lines.map((line) => ({ ...line, why: importReasonText(line.reason, this.#texts.locale()) })),
  );
  protected readonly others = computed(() => {
    const count = this.told().count - this.told().lines.length;
    return count > 0 ? this.#b('people.moreNoNumbers', { count: this.#texts.number(count) }) : null;
  });
}
