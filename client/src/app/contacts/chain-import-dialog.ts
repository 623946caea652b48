import { Component, computed, inject } from '@angular/core';
import { MatDialogModule } from '@angular/material/dialog';
import type { ChainImportResult } from '@koneksi/contracts/contact-import';
import { Texts } from '../core/texts';
import { ACCEPTED } from '../imports/accepted';
import { columnName } from '../imports/column-name';
import { FileDrop } from '../imports/file-drop';
import { FileLook } from '../imports/file-look';
import { ImportCounts } from '../imports/import-counts';
import { ImportDone } from '../imports/import-done';
import { ImportFoot } from '../imports/import-foot';
import { ImportReadingFields } from '../imports/import-reading-fields';
import { RejectedLines } from '../imports/rejected-lines';
import { ChoiceField } from '../ui/forms/choice-field';
import { ContactApi, type ChainFileReading } from './contact-api';
import { DroppedValues } from './dropped-values';

/** One file of contacts for several outlets: see whose they would be, then take them in. */
@Component({
  selector: 'app-chain-import-dialog',
  imports: [
    ChoiceField,
    DroppedValues,
    FileDrop,
    ImportCounts,
    ImportDone,
    ImportFoot,
    ImportReadingFields,
    MatDialogModule,
    RejectedLines,
  ],
  templateUrl: './chain-import-dialog.html',
  styleUrls: ['../imports/import-dialog.css', '../imports/lined-list.css', './chain-import-dialog.css'],
})
export class ChainImportDialog {
  readonly #api = inject(ContactApi);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly number = this.#texts.number;
  protected readonly accepted = ACCEPTED;
  protected readonly look = new FileLook<ChainFileReading, ChainImportResult>({
    look: (file, said) => this.#api.importForChain(file, said, true),
    commit: (file, said) => this.#api.importForChain(file, said, false),
  });

  protected readonly told = computed(() => this.look.result() ?? this.look.preview());
  protected readonly columns = computed(() =>
    (this.look.preview()?.columns ?? []).map(({ header }, index) => ({
      value: String(index + 1),
      label: columnName(this.t, header, index),
    })),
  );
  protected readonly outletColumn = computed(() => placeOf(this.look.preview()?.outletColumn ?? -1));
  protected readonly numberColumn = computed(() =>
    placeOf(this.look.preview()?.columns.findIndex(({ as }) => as.use === 'phone') ?? -1),
  );
  protected readonly commitText = computed(() => {
    const preview = this.look.preview();
    const count = preview ? preview.counts.added + preview.counts.updated + preview.optOuts : 0;
    if (count === 0) return null;
    const outlets = this.number(preview!.outlets.length);
    return this.t('import.chain.commit', { count: this.number(count), outlets });
  });

  protected async choose(column: 'outlet' | 'phone', place: string): Promise<void> {
    const now = column === 'outlet' ? this.outletColumn() : this.numberColumn();
    if (place !== now) await this.look.look({ ...this.look.said(), [column]: place });
  }
}

/** A column as it is named to the server, counted from 1. */
const placeOf = (index: number): string => (index < 0 ? '' : String(index + 1));
