import { inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { Outlet } from '@koneksi/contracts/outlets';
import { firstValueFrom } from 'rxjs';
import { Notifier } from '../ui/notifier';
import type { EditedOutlet } from './outlet-form-dialog';

/** Adds an outlet, from wherever one is missing. The form is loaded when first needed. */
@Service()
export class OutletAdder {
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);

  async add(): Promise<void> {
    const outlet = await this.openForm(null);
    if (outlet) this.#notifier.tell('outlets.added', { name: outlet.name });
  }

  /** The outlet as it was saved; nothing where the form was left. */
  async openForm(outlet: EditedOutlet | null): Promise<Outlet | undefined> {
    const { OutletFormDialog } = await import('./outlet-form-dialog');
    const form = this.#dialog.open<InstanceType<typeof OutletFormDialog>, EditedOutlet | null, Outlet>(
      OutletFormDialog,
      { data: outlet, panelClass: 'dialog' },
    );
    return firstValueFrom(form.afterClosed());
  }
}
