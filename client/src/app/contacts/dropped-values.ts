import { Component, inject, input } from '@angular/core';
import type { DroppedValues as Dropped } from '@koneksi/contracts/contact-import';
import { importDropText } from '@koneksi/contracts/import-texts';
import { Texts } from '../core/texts';

/** What is left out of lines whose customers are imported. */
@Component({
  selector: 'app-dropped-values',
  template: `
    @if (values().length) {
      <h3>{{ t('import.droppedTitle') }}</h3>
      <ul>
        @for (value of values(); track value.reason) {
          <li data-testid="dropped-values" [attr.data-reason]="value.reason">
            {{ t('import.dropped', { count: number(value.count), what: textOf(value), lines: linesOf(value) }) }}
          </li>
        }
      </ul>
    }
  `,
  styles: `
    li {
      padding: 8px 12px;
      font-size: 0.875rem;
    }
  `,
  styleUrl: '../imports/lined-list.css',
})
export class DroppedValues {
  readonly values = input.required<readonly Dropped[]>();
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;

  protected textOf({ reason }: Dropped): string {
    return importDropText(reason, this.#texts.locale());
  }

  protected linesOf({ lines, count }: Dropped): string {
    return (
      lines
        .slice(0, 5)
        .map((line) => this.number(line))
        .join(', ') + (count > 5 ? ', …' : '')
    );
  }
}
