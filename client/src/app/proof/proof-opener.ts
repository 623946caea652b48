import { inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { ProofKind } from '@koneksi/contracts/auth';
import { firstValueFrom } from 'rxjs';

/** Asks once, however many requests wait for it. The dialog is loaded when first needed. */
@Service()
export class ProofOpener {
  readonly #dialog = inject(MatDialog);
  #asking: Promise<boolean> | null = null;

  /** Whether they showed it. */
  ask(by: ProofKind): Promise<boolean> {
    this.#asking ??= this.#open(by).finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #open(by: ProofKind): Promise<boolean> {
    const { ProofDialog } = await import('./proof-dialog');
    const opened = this.#dialog.open<unknown, ProofKind, boolean>(ProofDialog, { data: by, panelClass: 'dialog' });
    return (await firstValueFrom(opened.afterClosed())) === true;
  }
}
