import { Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogModule } from '@angular/material/dialog';
import {
  OUTLET_FIELDS,
  OUTLET_HEADERS,
  type OutletField,
  type OutletImportResult,
} from '@koneksi/contracts/outlet-import';
import { Texts, type TextKey } from '../core/texts';
import { ACCEPTED } from '../imports/accepted';
import { ColumnMeanings, type Meaning } from '../imports/column-meanings';
import { FileDrop } from '../imports/file-drop';
import { FileLook } from '../imports/file-look';
import { ImportCounts } from '../imports/import-counts';
import { ImportDone } from '../imports/import-done';
import { ImportFoot } from '../imports/import-foot';
import { ImportQuestion } from '../imports/import-question';
import { ImportReadingFields } from '../imports/import-reading-fields';
import { ImportSample } from '../imports/import-sample';
import { RejectedLines, type Mendable } from '../imports/rejected-lines';
import { OutletApi, type OutletFileReading } from './outlet-api';

const MEANINGS: Record<OutletField, TextKey> = {
  name: 'outletForm.name',
  number: 'outletForm.number',
  city: 'outletForm.city',
  tags: 'outletForm.tags',
  active: 'outletForm.active',
  autoReconnect: 'outletForm.autoReconnect',
};

/** From a file, or a table that is pasted, to outlets: see what would become of each line, then take them in. */
@Component({
  selector: 'app-outlet-import-dialog',
  imports: [
    ColumnMeanings,
    FileDrop,
    ImportCounts,
    ImportDone,
    ImportFoot,
    ImportQuestion,
    ImportReadingFields,
    ImportSample,
    MatButton,
    MatDialogModule,
    RejectedLines,
  ],
  templateUrl: './outlet-import-dialog.html',
  styleUrls: ['../imports/import-dialog.css', './outlet-import-dialog.css'],
})
export class OutletImportDialog {
  readonly #api = inject(OutletApi);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  protected readonly accepted = ACCEPTED;
  protected readonly look = new FileLook<OutletFileReading, OutletImportResult>({
    look: (file, said) => this.#api.import(file, said, true),
    commit: (file, said) => this.#api.import(file, said, false),
  });

  protected readonly hasNumbers = computed(() => this.look.preview()!.columns.some(({ as }) => as === 'number'));
  protected readonly commitText = computed(() => {
    const { added = 0, updated = 0 } = this.look.preview()?.counts ?? {};
    if (added + updated === 0) return null;
    if (updated === 0) return this.t('import.outlets.add', { count: this.number(added) });
    if (added === 0) return this.t('import.outlets.update', { count: this.number(updated) });
    return this.t('import.outlets.both', { added: this.number(added), updated: this.number(updated) });
  });
  protected readonly sample = computed(() =>
    (this.look.preview()?.rows ?? []).map(({ line, name, number, city, tags, isActive, outcome }) => {
      const rest = [city, ...tags, isActive ? null : this.t('import.outlets.inactive')].filter(Boolean).join(' · ');
      return { line, name, phone: number, rest, outcome };
    }),
  );
  protected readonly meanings = computed((): Meaning[] =>
    (this.look.preview()?.columns ?? []).map((column) => ({
      column,
      value: column.as ?? 'ignore',
      choices: [
        ...OUTLET_FIELDS.map((value) => ({ value, label: this.t(MEANINGS[value]) })),
        { value: 'ignore', label: this.t('import.use.ignore') },
      ],
    })),
  );
  protected readonly mendable = computed((): Mendable => {
    const told = this.look.result() ?? this.look.preview();
    const lines = new Map(told?.rejected.map(({ line, cells }) => [line, cells]));
    const headers = OUTLET_HEADERS[this.#texts.locale()];
    return {
      headers: OUTLET_FIELDS.map((field) => headers[field]),
      cellsOf: (line) => OUTLET_FIELDS.map((field) => lines.get(line)?.[field] ?? ''),
    };
  });

  protected async paste(event: Event, text: string): Promise<void> {
    event.preventDefault();
    if (text.trim()) await this.look.begin(new Blob([text], { type: 'text/csv' }), this.t('import.outlets.pasted'));
  }

  /** What had this meaning before loses it: no two columns mean the same. */
  protected choose({ index, value }: { index: number; value: string }): Promise<void> {
    const uses = this.look.preview()!.columns.map(({ as }, other) => {
      if (other === index) return value === 'ignore' ? null : value;
      return as === value ? null : as;
    });
    const columns = OUTLET_FIELDS.map((field) => [field, String(uses.indexOf(field) + 1)]);
    return this.look.look({ ...this.look.said(), ...(Object.fromEntries(columns) as OutletFileReading) });
  }
}
