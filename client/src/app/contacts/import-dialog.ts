import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule } from '@angular/material/dialog';
import type {
  ChooseColumns,
  ColumnUse,
  ImportPreview,
  ImportReading,
  ImportResult,
} from '@koneksi/contracts/contact-import';
import { FaultSentence } from '../core/fault-sentence';
import { wholeNumber } from '../core/formats';
import { Texts } from '../core/texts';
import { ACCEPTED } from '../imports/accepted';
import { FileDrop } from '../imports/file-drop';
import { ImportCounts } from '../imports/import-counts';
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
    ImportQuestion,
    ImportReadingFields,
    ImportSample,
    MatButton,
    MatDialogModule,
    RejectedLines,
  ],
  templateUrl: './import-dialog.html',
  styleUrl: '../imports/import-dialog.css',
})
export class ImportDialog {
  protected readonly outlet = inject<ImportTarget>(MAT_DIALOG_DATA);
  readonly #api = inject(ContactApi);
  readonly #sentence = inject(FaultSentence);
  readonly #texts = inject(Texts);
  protected readonly t = this.#texts.t;

  protected readonly fileName = signal('');
  protected readonly preview = signal<ImportPreview | null>(null);
  protected readonly result = signal<ImportResult | null>(null);
  protected readonly busy = signal<'reading' | 'committing' | null>(null);
  protected readonly problem = signal<string | null>(null);
  protected readonly accepted = `${ACCEPTED},.vcf,text/vcard`;

  protected readonly counts = computed(() => (this.result() ?? this.preview())?.counts);
  protected readonly hasPhone = computed(() => this.preview()?.columns.some(({ as }) => as.use === 'phone') ?? false);
  protected readonly imports = computed(() => {
    const counts = this.preview()?.counts;
    return counts ? counts.added + counts.updated + this.preview()!.optOuts : 0;
  });

  protected readonly sample = computed(() =>
    (this.preview()?.rows ?? []).map(({ tags, fields, ...row }) => ({
      ...row,
      rest: [...tags, ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`)].join(' · '),
    })),
  );

  protected number(value: number): string {
    return wholeNumber(value, this.#texts.locale());
  }

  protected async read(file: File): Promise<void> {
    if (this.busy()) return;
    this.fileName.set(file.name);
    await this.#while('reading', async () => this.preview.set(await this.#api.upload(this.outlet.id, file)));
  }

  protected choose(columns: ColumnUse[]): Promise<void> {
    return this.#readAnew({ columns });
  }

  /** Read otherwise, the columns are others: they are guessed anew. */
  protected readAs(reading: ImportReading): Promise<void> {
    return this.#readAnew({ reading });
  }

  protected takeNumbersFrom(column: number): Promise<void> {
    const columns = this.preview()!.columns.map(({ as }, index): ColumnUse => {
      if (index === column) return { use: 'phone' };
      return as.use === 'phone' || as.use === 'phone-else' ? { use: 'ignore' } : as;
    });
    return this.choose(columns);
  }

  protected async commit(): Promise<void> {
    const { id } = this.preview()!;
    await this.#while('committing', async () => this.result.set(await this.#api.commit(this.outlet.id, id)));
  }

  protected startOver(): void {
    this.preview.set(null);
    this.problem.set(null);
  }

  async #readAnew(choice: ChooseColumns): Promise<void> {
    const { id } = this.preview()!;
    await this.#while('reading', async () => this.preview.set(await this.#api.readAnew(this.outlet.id, id, choice)));
  }

  async #while(doing: 'reading' | 'committing', work: () => Promise<void>): Promise<void> {
    if (this.busy()) return;
    this.busy.set(doing);
    this.problem.set(null);
    try {
      await work();
    } catch (thrown) {
      this.problem.set(this.#sentence.inFull(thrown));
    } finally {
      this.busy.set(null);
    }
  }
}
