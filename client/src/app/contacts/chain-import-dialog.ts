import { Component, computed, inject } from '@angular/core';
import { MatDialogModule } from '@angular/material/dialog';
import type { ChainImportResult, ImportReading } from '@koneksi/contracts/contact-import';
import { FaultSentence } from '../core/fault-sentence';
import { wholeNumber } from '../core/formats';
import { Texts } from '../core/texts';
import { ACCEPTED } from '../imports/accepted';
import { FileDrop } from '../imports/file-drop';
import { FileLook } from '../imports/file-look';
import { ImportCounts } from '../imports/import-counts';
import { ImportFoot } from '../imports/import-foot';
import { ImportReadingFields } from '../imports/import-reading-fields';
import { RejectedLines } from '../imports/rejected-lines';
import { ChoiceField } from '../ui/choice-field';
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
    ImportFoot,
    ImportReadingFields,
    MatDialogModule,
    RejectedLines,
  ],
  templateUrl: './chain-import-dialog.html',
  styleUrls: ['../imports/import-dialog.css', './chain-import-dialog.css'],
})
export class ChainImportDialog {
  readonly #api = inject(ContactApi);
  readonly #sentence = inject(FaultSentence);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;
  protected readonly accepted = ACCEPTED;
  protected readonly look = new FileLook<ChainFileReading, ChainImportResult>(
    (file, said, looks) => this.#api.importForChain(file, said, looks),
    (thrown) => this.#sentence.inFull(thrown),
  );

  protected readonly told = computed(() => this.look.result() ?? this.look.preview());
  protected readonly columns = computed(() => [
    { value: '', label: this.t('import.chain.choose') },
    ...(this.look.preview()?.columns ?? []).map(({ header }, index) => ({
      value: String(index + 1),
      label: header || this.t('import.column', { number: index + 1 }),
    })),
  ]);
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

  protected number(value: number): string {
    return wholeNumber(value, this.#texts.locale());
  }

  /** Read otherwise, the columns are others: they are guessed anew. */
  protected readAs(reading: ImportReading): Promise<void> {
    return this.look.look(reading);
  }

  protected async choose(column: 'outlet' | 'phone', place: string): Promise<void> {
    const now = column === 'outlet' ? this.outletColumn() : this.numberColumn();
    if (place && place !== now) await this.look.look({ ...this.look.said(), [column]: place });
  }
}

/** A column as it is named to the server, counted from 1. */
const placeOf = (index: number): string => (index < 0 ? '' : String(index + 1));
