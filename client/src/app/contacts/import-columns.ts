import { Component, computed, inject, input, output } from '@angular/core';
import type { ColumnUse, ImportColumn } from '@koneksi/contracts/contact-import';
import { fieldNameOf } from '@koneksi/contracts/field-name';
import { Texts, type TextKey } from '../core/texts';
import { ChoiceField, type Choice } from '../ui/choice-field';

/** What several columns may mean together. */
const TOGETHER: ReadonlySet<ColumnUse['use']> = new Set(['ignore', 'name', 'phone-else', 'opted-out']);
const CHOICES: readonly (readonly [key: string, label: TextKey])[] = [
  ['phone', 'import.use.phone'],
  ['phone-else', 'import.use.phoneElse'],
  ['country', 'import.use.country'],
  ['name', 'import.use.name'],
  ['name-else', 'import.use.nameElse'],
  ['tags', 'import.use.tags'],
  ['opted-out:yes', 'import.use.stopsWhenYes'],
  ['opted-out:no', 'import.use.stopsWhenNo'],
  ['opted-out:words', 'import.use.stopsByWords'],
];

/** What each column of the file is taken for, to be corrected. */
@Component({
  selector: 'app-import-columns',
  imports: [ChoiceField],
  template: `
    <h3>{{ t('import.columns') }}</h3>
    <ul>
      @for (column of columns(); track $index; let index = $index) {
        <li>
          <div class="which">
            <strong>{{ headerOf(column, index) }}</strong>
            <span class="muted">{{ column.samples.join(' · ') }}</span>
          </div>
          <app-choice-field
            [compact]="true"
            [name]="'import-column-' + index"
            [label]="t('import.meaning', { column: headerOf(column, index) })"
            [choices]="choices()[index]!"
            [value]="keyOf(column.as)"
            (valueChange)="choose(index, $event)"
          />
        </li>
      }
    </ul>
  `,
  styles: `
    h3 {
      margin-block: 0 6px;
      font-size: 0.9375rem;
      font-weight: 600;
    }
    ul {
      margin: 0;
      padding: 0;
      border: 1px solid var(--k-border);
      border-radius: 8px;
      list-style: none;
    }
    li {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(140px, 220px);
      gap: 12px;
      align-items: center;
      padding: 6px 6px 6px 12px;
    }
    li + li {
      border-top: 1px solid var(--k-border);
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
  `,
})
export class ImportColumns {
  readonly columns = input.required<readonly ImportColumn[]>();
  readonly chosen = output<ColumnUse[]>();
  protected readonly t = inject(Texts).t;
  protected readonly choices = computed(() => this.columns().map((column) => this.#choicesFor(column)));

  protected headerOf({ header }: ImportColumn, index: number): string {
    return header || this.t('import.column', { number: index + 1 });
  }

  protected keyOf(as: ColumnUse): string {
    if (as.use === 'field') return `field:${as.field}`;
    return as.use === 'opted-out' ? `opted-out:${as.when}` : as.use;
  }

  /** What had this meaning before loses it: no two columns mean the same. */
  protected choose(index: number, key: string): void {
    if (key === this.keyOf(this.columns()[index]!.as)) return;
    const uses = this.columns().map(({ as }, other): ColumnUse => {
      if (other === index) return toUse(key);
      return this.keyOf(as) === key && !TOGETHER.has(as.use) ? { use: 'ignore' } : as;
    });
    this.chosen.emit(uses);
  }

  #choicesFor({ header, as }: ImportColumn): Choice[] {
    const field = as.use === 'field' ? as.field : fieldNameOf(header ?? '');
    return [
      ...CHOICES.map(([value, label]) => ({ value, label: this.t(label) })),
      ...(field ? [{ value: `field:${field}`, label: this.t('import.use.field', { field }) }] : []),
      { value: 'ignore', label: this.t('import.use.ignore') },
    ];
  }
}

function toUse(key: string): ColumnUse {
  if (key.startsWith('field:')) return { use: 'field', field: key.slice(6) };
  if (key === 'opted-out:yes' || key === 'opted-out:no' || key === 'opted-out:words') {
    return { use: 'opted-out', when: key.slice(10) as Extract<ColumnUse, { use: 'opted-out' }>['when'] };
  }
  return { use: key as Exclude<ColumnUse['use'], 'field' | 'opted-out'> };
}
