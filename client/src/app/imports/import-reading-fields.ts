import { Component, computed, inject, input, linkedSignal, output } from '@angular/core';
import {
  IMPORT_ENCODINGS,
  type ImportDelimiter,
  type ImportEncoding,
  type ImportPreview,
  type ImportReading,
} from '@koneksi/contracts/contact-import';
import { Texts } from '../core/texts';
import { ChoiceField } from '../ui/forms/choice-field';

type ReadFile = Pick<ImportPreview, 'id' | 'kind' | 'encoding' | 'delimiter' | 'headerLine' | 'linesAbove'>;

/** Lines that may be named as the one of headers. */
const LINES = 15;

/** How the file was read, to be corrected: what divides it, its encoding, and the line that names the columns. */
@Component({
  selector: 'app-import-reading-fields',
  imports: [ChoiceField],
  template: `
    <details>
      <summary data-testid="import-reading">{{ summary() }}</summary>
      <div class="fields">
        <app-choice-field
          name="import-header-line"
          [label]="t('import.headerLine')"
          [choices]="headerLines()"
          [value]="headerLine()"
          (valueChange)="choose({ headerLine: +$event })"
        />
        @if (preview().kind === 'CSV') {
          <app-choice-field
            name="import-delimiter"
            [label]="t('import.delimiter')"
            [choices]="delimiters()"
            [value]="preview().delimiter ?? ','"
            (valueChange)="choose({ delimiter: toDelimiter($event) })"
          />
          <app-choice-field
            name="import-encoding"
            [label]="t('import.encoding')"
            [choices]="encodings"
            [value]="preview().encoding"
            (valueChange)="choose({ encoding: toEncoding($event) })"
          />
        }
      </div>
    </details>
  `,
  styles: `
    summary {
      min-height: 32px;
      cursor: pointer;
      font-size: 0.875rem;
    }
    .fields {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(180px, 1fr));
      gap: 12px;
      padding-block: 8px;
    }
  `,
})
export class ImportReadingFields {
  /** The same `id` as long as it is the same file. */
  readonly preview = input.required<ReadFile>();
  readonly chosen = output<ImportReading>();
  protected readonly t = inject(Texts).t;
  /** What a person has said of this file so far. */
  readonly #said = linkedSignal<string, ImportReading>({
    source: () => this.preview().id,
    computation: () => ({}),
  });
  protected readonly encodings = IMPORT_ENCODINGS.map((value) => ({ value, label: value }));
  protected readonly delimiters = computed(() =>
    [
      { value: ',', label: this.t('import.comma') },
      { value: ';', label: this.t('import.semicolon') },
      { value: 'tab', label: this.t('import.tab') },
      { value: '|', label: '|' },
    ].map((choice) => (choice.value === 'tab' ? { ...choice, value: '\t' } : choice)),
  );
  protected readonly headerLine = computed(() => String(this.preview().headerLine ?? 0));
  protected readonly headerLines = computed(() => {
    const last = Math.max(LINES, Number(this.headerLine()));
    const lines = Array.from({ length: last }, (_, index) => String(index + 1));
    return [
      { value: '0', label: this.t('import.noHeader') },
      ...lines.map((line) => ({ value: line, label: this.t('import.lineNumber', { line }) })),
    ];
  });
  protected readonly summary = computed(() => {
    const { kind, headerLine, linesAbove } = this.preview();
    const line = headerLine === null ? this.t('import.readWithout') : this.t('import.readBelow', { line: headerLine });
    const above = linesAbove > 0 ? ` ${this.t('import.above', { count: linesAbove })}` : '';
    return `${this.t('import.readAs', { kind })} ${line}${above}`;
  });

  protected choose(choice: ImportReading): void {
    this.#said.update((said) => ({ ...said, ...choice }));
    this.chosen.emit(this.#said());
  }

  protected toDelimiter(value: string): ImportDelimiter {
    return value as ImportDelimiter;
  }

  protected toEncoding(value: string): ImportEncoding {
    return value as ImportEncoding;
  }
}
