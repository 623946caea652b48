import { inject, Service } from '@angular/core';
import { MatDialog, type MatDialogRef } from '@angular/material/dialog';
import type { Outlet } from '@koneksi/contracts/outlets';
import { firstValueFrom } from 'rxjs';
import type { Edited } from '../core/edited';
import { Editing, type Newest } from '../ui/forms/editing';
import { Notifier } from '../ui/notifier';

/** Adds an outlet, from wherever one is missing, or edits one. The form is loaded when first needed. */
@Service()
export class OutletAdder {
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);
  readonly #editing = inject(Editing);

  async add(): Promise<void> {
    const opened = (await this.#form())(null);
    const outlet = (await firstValueFrom(opened.afterClosed())) as Outlet | undefined;
    if (outlet) this.#notifier.tell('outlets.added', { name: outlet.name });
  }

  /** Many at once, from a file or a pasted table. */
  async import(): Promise<void> {
    const { OutletImportDialog } = await import('./outlet-import-dialog');
    this.#dialog.open(OutletImportDialog, { panelClass: ['dialog', 'wide-dialog'], autoFocus: 'first-tabbable' });
  }

  async edit(id: string): Promise<void> {
    const outlet = await this.#editing.open<Outlet, Outlet>(`/api/outlets/${id}`, await this.#form());
    if (outlet) this.#notifier.tell('outlets.saved', { name: outlet.name });
  }

  async #form(): Promise<(edited: Edited<Outlet> | null) => MatDialogRef<unknown, Outlet | Newest>> {
    const { OutletFormDialog } = await import('./outlet-form-dialog');
    return (data) => this.#dialog.open(OutletFormDialog, { data, panelClass: 'dialog' });
  }
}
