import { inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';

/** "Koneksikan", from wherever it is pressed. The dialog and its QR code are loaded when first needed. */
@Service()
export class ConnectOpener {
  readonly #dialog = inject(MatDialog);
  #opening = false;

  async open(outletId: string): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    try {
      const { ConnectDialog } = await import('./connect-dialog');
      const opened = this.#dialog.open<unknown, string, string>(ConnectDialog, {
        data: outletId,
        panelClass: ['dialog', 'wide-dialog'],
        autoFocus: 'dialog',
      });
      opened.afterClosed().subscribe((next) => next && void this.open(next));
    } finally {
      this.#opening = false;
    }
  }
}
