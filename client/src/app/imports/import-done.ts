import { Component, inject, input } from '@angular/core';
import type { ImportCounts } from '@koneksi/contracts/contact-import';
import { Texts, type TextKey } from '../core/texts';

/** What became of the lines of a file. */
@Component({
  selector: 'app-import-done',
  host: { role: 'status', 'data-testid': 'import-done' },
  template: `
    <strong>{{ t('import.doneTitle') }}</strong>
    <p>
      {{
        t(sentence(), {
          added: number(counts().added),
          updated: number(counts().updated),
          same: number(counts().same),
          rejected: number(counts().rejected),
        })
      }}
    </p>
    <ng-content />
  `,
  styles: `
    :host {
      display: grid;
      gap: 4px;
    }
  `,
})
export class ImportDone {
  readonly counts = input.required<ImportCounts>();
  readonly sentence = input<TextKey>('import.done');
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
}
