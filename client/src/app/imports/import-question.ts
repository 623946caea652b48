import { Component, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { ImportColumn } from '@koneksi/contracts/contact-import';
import { Texts } from '../core/texts';
import { columnName } from './column-name';

/** Asks where the numbers are, where more than one column may hold them or none surely does. */
@Component({
  selector: 'app-import-question',
  imports: [MatButton],
  template: `
    <div role="alert" data-testid="import-question">
      <strong>{{ t('import.whichColumn') }}</strong>
      <div class="choices">
        @for (index of candidates(); track index) {
          <button matButton="outlined" type="button" (click)="chosen.emit(index)" [attr.data-column]="index">
            <span class="choice">
              {{ name(t, columns()[index]?.header, index) }}
              <span class="muted">{{ columns()[index]?.samples?.join(' · ') }}</span>
            </span>
          </button>
        }
      </div>
    </div>
  `,
  styles: `
    [role='alert'] {
      display: grid;
      gap: 10px;
      padding: 12px;
      border-radius: 8px;
      background: var(--k-slow-soft);
    }
    .choices {
      display: flex;
      flex-wrap: wrap;
      gap: 8px;
    }
    button {
      max-width: 100%;
      height: auto;
      min-height: 44px;
      padding-block: 6px;
      background: var(--k-surface, transparent);
    }
    .choice {
      display: grid;
      justify-items: start;
      overflow-wrap: anywhere;
      text-align: start;
    }
    .muted {
      font-size: 0.8125rem;
      font-weight: 400;
    }
  `,
})
export class ImportQuestion {
  readonly columns = input.required<readonly Pick<ImportColumn, 'header' | 'samples'>[]>();
  readonly candidates = input.required<readonly number[]>();
  readonly chosen = output<number>();
  protected readonly t = inject(Texts).t;
  protected readonly name = columnName;
}
