import { Component, inject, input } from '@angular/core';
import type { ImportOutcome } from '@koneksi/contracts/contact-import';
import { Texts, type TextKey } from '../core/texts';
import { numberText } from '../ui/number-text';

const OUTCOMES: Record<ImportOutcome, TextKey> = {
  ADDED: 'import.added',
  UPDATED: 'import.updated',
  SAME: 'import.same',
};
const SHOWN = 5;

/** A line as it would be kept. */
export interface SampleRow {
  readonly line: number;
  readonly name: string | null;
  readonly phone: string;
  readonly rest: string;
  readonly outcome: ImportOutcome;
}

/** The first lines as they would be kept. */
@Component({
  selector: 'app-import-sample',
  template: `
    @if (rows().length) {
      <h3>{{ t('import.first') }}</h3>
      <ul>
        @for (row of rows().slice(0, shown); track row.line) {
          <li data-testid="import-row">
            <span class="name" [class.muted]="!row.name">{{ row.name ?? t('contacts.nameless') }}</span>
            <span class="numbers">{{ phone(row.phone) }}</span>
            <span class="muted rest">{{ row.rest }}</span>
            <span class="muted">{{ t(outcomes[row.outcome]) }}</span>
          </li>
        }
      </ul>
    }
  `,
  styles: `
    li {
      display: grid;
      grid-template-columns: 1.2fr 150px 1.4fr 90px;
      gap: 12px;
      padding: 8px 12px;
      overflow-wrap: anywhere;
    }
    .name {
      font-weight: 600;
    }
    .rest {
      font-size: 0.8125rem;
    }
    @media (max-width: 699px) {
      li {
        grid-template-columns: 1fr auto;
        gap: 2px 12px;
      }
    }
  `,
  styleUrl: './lined-list.css',
})
export class ImportSample {
  readonly rows = input.required<readonly SampleRow[]>();
  protected readonly t = inject(Texts).t;
  protected readonly phone = numberText;
  protected readonly outcomes = OUTCOMES;
  protected readonly shown = SHOWN;
}
