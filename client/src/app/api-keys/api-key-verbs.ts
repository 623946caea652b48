import type { ComponentType } from '@angular/cdk/portal';
import { inject, Service } from '@angular/core';
import { MatDialog, type MatDialogConfig } from '@angular/material/dialog';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { ApiKey, CreatedApiKey } from '@koneksi/contracts/auth';
import { firstValueFrom } from 'rxjs';
import { ConfirmDialog, type Confirmation } from '../ui/confirm-dialog';
import { Notifier } from '../ui/notifier';
import { SecretDialog, type ShownSecret } from '../ui/secret-dialog';
import { ApiKeyDesk } from './api-key-desk';
import { ApiKeyDialog } from './api-key-dialog';
import { ApiKeyTexts } from './api-key-texts';

/** What admins do with API keys, with its questions and news. */
@Service({ autoProvided: false })
export class ApiKeyVerbs {
  readonly #desk = inject(ApiKeyDesk);
  readonly #dialog = inject(MatDialog);
  readonly #bar = inject(MatSnackBar);
  readonly #notifier = inject(Notifier);
  readonly #k = inject(ApiKeyTexts).k;

  async add(): Promise<void> {
    const created = await this.#ask<CreatedApiKey>(ApiKeyDialog, { data: this.#desk });
    if (!created) return;
    const data: ShownSecret = {
      title: this.#k('shown.title'),
      label: this.#k('shown.label', { name: created.name }),
      secret: created.key,
      once: this.#k('shown.once'),
      note: this.#k('shown.use'),
    };
    // A stray key does not lose it.
    await this.#ask(SecretDialog, { data, disableClose: true });
  }

  async revoke({ id, name }: ApiKey): Promise<void> {
    const data: Confirmation = {
      title: this.#k('revoke.title', { name }),
      body: this.#k('revoke.body'),
      confirm: this.#k('revoke.confirm'),
    };
    if ((await this.#ask<boolean>(ConfirmDialog, { data, role: 'alertdialog' })) !== true) return;
    try {
      await this.#desk.remove(id);
      this.#bar.open(this.#k('revoke.done', { name }), undefined, { duration: 10_000 });
    } catch (fault) {
      this.#notifier.tellFault(fault);
    }
  }

  #ask<Result>(component: ComponentType<unknown>, config: MatDialogConfig): Promise<Result | undefined> {
    const opened = this.#dialog.open<unknown, unknown, Result>(component, { panelClass: 'dialog', ...config });
    return firstValueFrom(opened.afterClosed());
  }
}
