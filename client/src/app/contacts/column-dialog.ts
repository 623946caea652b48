import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { ApiFault } from '../core/api-fault';
import { Texts } from '../core/texts';
import { ImportQuestion } from '../imports/import-question';

/** A column that may hold the numbers, counted from 1. */
export interface PhoneCandidate {
  column: number;
  header: string | null;
  samples: string[];
}

/** What a refused file has to choose from; none where it was refused for something else. */
export function candidatesOf(thrown: unknown): readonly PhoneCandidate[] {
  const { candidates } = ApiFault.of(thrown).details as { candidates?: PhoneCandidate[] };
  return candidates ?? [];
}

/** Asks which column holds the numbers. Closes with its place, counted from 1. */
@Component({
  selector: 'app-column-dialog',
  imports: [ImportQuestion, MatButton, MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ t('optOuts.import') }}</h2>
    <mat-dialog-content>
      <app-import-question [columns]="columns" [candidates]="candidates" (chosen)="choose($event)" />
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton type="button" mat-dialog-close>{{ t('common.cancel') }}</button>
    </mat-dialog-actions>
  `,
})
export class ColumnDialog {
  readonly #found = inject<readonly PhoneCandidate[]>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<ColumnDialog, number>>(MatDialogRef);
  protected readonly t = inject(Texts).t;
  protected readonly candidates = this.#found.map((_, index) => index);
  protected readonly columns = this.#found.map(({ column, header, samples }) => ({
    header: header || this.t('import.column', { number: column }),
    samples,
    as: { use: 'ignore' } as const,
  }));

  protected choose(index: number): void {
    this.#dialog.close(this.#found[index]!.column);
  }
}
