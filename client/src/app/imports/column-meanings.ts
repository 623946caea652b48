import { Component, inject, input, output } from '@angular/core';
import type { ImportColumn } from '@koneksi/contracts/contact-import';
import { Texts } from '../core/texts';
import type { Choice } from '../ui/forms/choice';
import { ChoiceField } from '../ui/forms/choice-field';
import { columnName } from './column-name';

export interface Meaning {
  readonly column: Pick<ImportColumn, 'header' | 'samples'>;
  readonly value: string;
  readonly choices: readonly Choice[];
}

/** What each column of the file is taken for, to be corrected. */
@Component({
  selector: 'app-column-meanings',
  imports: [ChoiceField],
  template: `
    <h3>{{ t('import.columns') }}</h3>
    <ul>
      @for (meaning of meanings(); track $index; let index = $index) {
        <li>
          <div class="which">
            <strong>{{ headerOf(meaning, index) }}</strong>
            <span class="muted">{{ meaning.column.samples.join(' · ') }}</span>
          </div>
          <app-choice-field
            [compact]="true"
            [name]="'import-column-' + index"
            [label]="t('import.meaning', { column: headerOf(meaning, index) })"
            [choices]="meaning.choices"
            [value]="meaning.value"
            (valueChange)="choose(index, $event)"
          />
        </li>
      }
    </ul>
  `,
  styles: `
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(140px, 220px);
      gap: 12px;
      align-items: center;
      padding: 6px 6px 6px 12px;
    }
    .which {
      display: grid;
    }
    strong,
    .muted {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
    .muted {
      font-size: 0.8125rem;
    }
    @media (max-width: 699px) {
      li {
        grid-template-columns: minmax(0, 1fr);
        gap: 4px;
        padding: 10px 12px;
      }
    }
  `,
  styleUrl: './lined-list.css',
})
export class ColumnMeanings {
  readonly meanings = input.required<readonly Meaning[]>();
  /** The other meaning of one column. */
  readonly chosen = output<{ index: number; value: string }>();
  protected readonly t = inject(Texts).t;

  protected headerOf({ column: { header } }: Meaning, index: number): string {
    return columnName(this.t, header, index);
  }

  protected choose(index: number, value: string): void {
    if (value !== this.meanings()[index]!.value) this.chosen.emit({ index, value });
  }
}
