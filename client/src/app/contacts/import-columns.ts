import { Component, computed, inject, input, output } from '@angular/core';
import type { ColumnUse, ImportColumn } from '@koneksi/contracts/contact-import';
import { fieldNameOf } from '@koneksi/contracts/field-name';
import { Texts, type TextKey } from '../core/texts';
import { ColumnMeanings } from '../imports/column-meanings';
import type { Choice } from '../ui/forms/choice';

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
  imports: [ColumnMeanings],
  template: `<app-column-meanings [meanings]="meanings()" (chosen)="choose($event.index, $event.value)" />`,
})
export class ImportColumns {
  readonly columns = input.required<readonly ImportColumn[]>();
  readonly chosen = output<ColumnUse[]>();
  readonly #t = inject(Texts).t;
  protected readonly meanings = computed(() =>
    this.columns().map((column) => ({ column, value: keyOf(column.as), choices: this.#choicesFor(column) })),
  );

  /** What had this meaning before loses it: no two columns mean the same. */
  protected choose(index: number, key: string): void {
    const uses = this.columns().map(({ as }, other): ColumnUse => {
      if (other === index) return toUse(key);
      return keyOf(as) === key && !TOGETHER.has(as.use) ? { use: 'ignore' } : as;
    });
    this.chosen.emit(uses);
  }

  #choicesFor({ header, as }: ImportColumn): Choice[] {
    const field = as.use === 'field' ? as.field : fieldNameOf(header ?? '');
    return [
      ...CHOICES.map(([value, label]) => ({ value, label: this.#t(label) })),
      ...(field ? [{ value: `field:${field}`, label: this.#t('import.use.field', { field }) }] : []),
      { value: 'ignore', label: this.#t('import.use.ignore') },
    ];
  }
}

function keyOf(as: ColumnUse): string {
  if (as.use === 'field') return `field:${as.field}`;
  return as.use === 'opted-out' ? `opted-out:${as.when}` : as.use;
}

function toUse(key: string): ColumnUse {
  if (key.startsWith('field:')) return { use: 'field', field: key.slice(6) };
  if (key === 'opted-out:yes' || key === 'opted-out:no' || key === 'opted-out:words') {
    return { use: 'opted-out', when: key.slice(10) as Extract<ColumnUse, { use: 'opted-out' }>['when'] };
  }
  return { use: key as Exclude<ColumnUse['use'], 'field' | 'opted-out'> };
}
