import { inject, Service } from '@angular/core';
import { MatDialog, type MatDialogRef } from '@angular/material/dialog';
import { Router } from '@angular/router';

/** Keeps the sheet at the side as the address says: a link can open it, and Back closes it. */
@Service({ autoProvided: false })
export class OutletSheetOpener {
  readonly #dialog = inject(MatDialog);
  readonly #router = inject(Router);
  #shown: { outletId: string; sheet: MatDialogRef<unknown> | null } | null = null;

  show(outletId: string | null): void {
    if (outletId === (this.#shown?.outletId ?? null)) return;
    const before = this.#shown;
    this.#shown = outletId === null ? null : { outletId, sheet: null };
    before?.sheet?.close();
    if (this.#shown) void this.#open(this.#shown);
  }

  async #open(shown: { outletId: string; sheet: MatDialogRef<unknown> | null }): Promise<void> {
    const { OutletSheet } = await import('./outlet-sheet');
    if (this.#shown !== shown) return;
    const sheet = this.#dialog.open(OutletSheet, { data: shown.outletId, panelClass: 'sheet', autoFocus: 'dialog' });
    shown.sheet = sheet;
    sheet.afterClosed().subscribe(() => {
      if (this.#shown !== shown) return;
      this.#shown = null;
      void this.#router.navigate([], { queryParams: { outlet: null }, queryParamsHandling: 'merge' });
    });
  }
}
