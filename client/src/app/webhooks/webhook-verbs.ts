import { inject, Service } from '@angular/core';
import { MatDialog, type MatDialogConfig } from '@angular/material/dialog';
import { MatSnackBar } from '@angular/material/snack-bar';
import type { ComponentType } from '@angular/cdk/portal';
import type { CreatedWebhook, RotatedSecret, Webhook } from '@koneksi/contracts/webhooks';
import { firstValueFrom } from 'rxjs';
import { exactTime } from '../core/formats';
import { Texts } from '../core/texts';
import { ConfirmDialog, type Confirmation } from '../ui/confirm-dialog';
import { Editing } from '../ui/forms/editing';
import { Notifier } from '../ui/notifier';
import { SecretDialog, type ShownSecret } from '../ui/secret-dialog';
import { RotateDialog } from './rotate-dialog';
import { WebhookApi } from './webhook-api';
import { WebhookDesk } from './webhook-desk';
import { WebhookDialog, type WebhookData } from './webhook-dialog';
import { DeliveriesDialog } from './deliveries-dialog';
import { webhookName } from './webhook-name';
import { WebhookTexts } from './webhook-texts';

/** What admins do with webhooks, with its questions and news. */
@Service({ autoProvided: false })
export class WebhookVerbs {
  readonly #desk = inject(WebhookDesk);
  readonly #api = inject(WebhookApi);
  readonly #dialog = inject(MatDialog);
  readonly #bar = inject(MatSnackBar);
  readonly #notifier = inject(Notifier);
  readonly #editing = inject(Editing);
  readonly #texts = inject(WebhookTexts);
  readonly #locale = inject(Texts).locale;
  readonly #w = this.#texts.w;

  async add(): Promise<void> {
    const data: WebhookData = { desk: this.#desk, edited: null };
    const created = await this.#ask<CreatedWebhook>(WebhookDialog, { data });
    if (created) await this.#show(this.#w('secret.madeTitle'), created.secret, null);
  }

  async edit({ id }: Webhook): Promise<void> {
    const saved = await this.#editing.open<Webhook, Webhook>(`/api/webhooks/${id}`, (edited) => {
      const data: WebhookData = { desk: this.#desk, edited };
      return this.#dialog.open(WebhookDialog, { data, panelClass: 'dialog' });
    });
    if (saved) this.#tell(this.#w('told.saved', { name: webhookName(saved.url) }));
  }

  test({ id, url }: Webhook): Promise<void> {
    return this.#run(async () => {
      const { status, lastTries } = await this.#api.test(id);
      const [last] = lastTries;
      const name = webhookName(url);
      if (!last) return;
      this.#tell(
        status === 'delivered'
          ? this.#w('told.tested', { name, status: last.status ?? '', ms: last.durationMs })
          : this.#w('told.testFailed', { name, why: this.#texts.answerOf(last) }),
      );
    });
  }

  async showLog(webhook: Webhook): Promise<void> {
    await this.#ask(DeliveriesDialog, { data: webhook, panelClass: ['dialog', 'wide-dialog'] });
    // What waits may have been sent meanwhile.
    await this.#desk.load();
  }

  async rotate(webhook: Webhook): Promise<void> {
    const rotated = await this.#ask<RotatedSecret>(RotateDialog, { data: webhook });
    if (!rotated) return;
    await this.#show(this.#w('secret.newTitle'), rotated.secret, rotated.previousSecretUntil);
    await this.#desk.load();
  }

  setEnabled({ id, url }: Webhook, enabled: boolean): Promise<void> {
    return this.#run(async () => {
      await this.#desk.update(id, { enabled });
      this.#tell(this.#w(enabled ? 'told.resumed' : 'told.paused', { name: webhookName(url) }));
    });
  }

  async remove({ id, url, pending }: Webhook): Promise<void> {
    const name = webhookName(url);
    const data: Confirmation = {
      title: this.#w('verbs.removeTitle', { name }),
      body: pending > 0 ? this.#w('verbs.removeWaiting', { count: pending }) : this.#w('verbs.removeBody'),
      confirm: this.#w('verbs.remove'),
    };
    if ((await this.#ask<boolean>(ConfirmDialog, { data, role: 'alertdialog' })) !== true) return;
    await this.#run(async () => {
      await this.#desk.remove(id);
      this.#tell(this.#w('told.removed', { name }));
    });
  }

  /** @param previousUntil until then the one before signs as well */
  async #show(title: string, secret: string, previousUntil: string | null): Promise<void> {
    const until = previousUntil && exactTime(previousUntil, this.#locale());
    const data: ShownSecret = {
      title,
      label: this.#w('secret.label'),
      secret,
      once: this.#w('secret.once'),
      note: until && this.#w('secret.overlap', { time: until }),
    };
    await this.#ask(SecretDialog, { data, disableClose: true });
  }

  #ask<Result>(component: ComponentType<unknown>, config: MatDialogConfig): Promise<Result | undefined> {
    const opened = this.#dialog.open<unknown, unknown, Result>(component, { panelClass: 'dialog', ...config });
    return firstValueFrom(opened.afterClosed());
  }

  #tell(text: string): void {
    this.#bar.open(text, undefined, { duration: 10_000 });
  }

  async #run(command: () => Promise<void>): Promise<void> {
    try {
      await command();
    } catch (fault) {
      this.#notifier.tellFault(fault);
    }
  }
}
