import { Component, computed, inject } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import type { ChooseColumns, ColumnUse, ImportPreview, ImportResult } from '@koneksi/contracts/contact-import';
import { Texts } from '../core/texts';
import { ACCEPTED } from '../imports/accepted';
import { FileDrop } from '../imports/file-drop';
import { FileLook } from '../imports/file-look';
import { ImportCounts } from '../imports/import-counts';
import { ImportDone } from '../imports/import-done';
import { ImportFoot } from '../imports/import-foot';
import { ImportQuestion } from '../imports/import-question';
import { ImportReadingFields } from '../imports/import-reading-fields';
import { ImportSample } from '../imports/import-sample';
import { RejectedLines } from '../imports/rejected-lines';
import { ContactApi } from './contact-api';
import { DroppedValues } from './dropped-values';
import { ImportColumns } from './import-columns';

/** The outlet whose contacts they become. */
export interface ImportTarget {
  readonly id: string;
  readonly name: string;
}

/** From a file to contacts: choose, see, import. */
@Component({
  selector: 'app-import-dialog',
  imports: [
    DroppedValues,
    FileDrop,
    ImportColumns,
    ImportCounts,
    ImportDone,
    ImportFoot,
    ImportQuestion,
    ImportReadingFields,
    ImportSample,
    MatDialogModule,
    RejectedLines,
  ],
  templateUrl: './import-dialog.html',
  styleUrl: '../imports/import-dialog.css',
})
export class ImportDialog {
  protected readonly outlet = inject<ImportTarget>(MAT_DIALOG_DATA);
  readonly #api = inject(ContactApi);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  protected readonly accepted = `${ACCEPTED},.vcf,text/vcard`;
  protected readonly look = new FileLook<ChooseColumns, ImportPreview, ImportResult>({
    look: (file, choice, before) =>
      before ? this.#api.readAnew(this.outlet.id, before.id, choice) : this.#api.upload(this.outlet.id, file),
    commit: (_file, _choice, { id }) => this.#api.commit(this.outlet.id, id),
  });

  protected readonly hasPhone = computed(() => this.look.preview()!.columns.some(({ as }) => as.use === 'phone'));
  protected readonly commitText = computed(() => {
    const preview = this.look.preview();
    const count = preview ? preview.counts.added + preview.counts.updated + preview.optOuts : 0;
    return count === 0 ? null : this.t('import.commit', { count: this.number(count), outlet: this.outlet.name });
  });
  protected readonly sample = computed(() =>
    (this.look.preview()?.rows ?? []).map(({ tags, fields, ...row }) => ({
      ...row,
      rest: [...tags, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)].join(' · '),
    })),
  );

  protected takeNumbersFrom(column: number): Promise<void> {
    const columns = this.look.preview()!.columns.map(({ as }, index): ColumnUse => {
      if (index === column) return { use: 'phone' };
      return as.use === 'phone' || as.use === 'phone-else' ? { use: 'ignore' } : as;
    });
    return this.look.look({ columns });
  }
}
