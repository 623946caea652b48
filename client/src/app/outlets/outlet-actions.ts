import { inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { Texts, type TextKey } from '../core/texts';
import { StatusStore } from '../outlet-status/status-store';
import { ConfirmDialog, type Confirmation } from '../ui/confirm-dialog';
import { Notifier } from '../ui/notifier';
import { BulkRuns, type BulkVerb } from './bulk-runs';
import { OutletApi } from './outlet-api';

/** One-press commands on an outlet: ask where needed, send, tell. */
@Service()
export class OutletActions {
  readonly #api = inject(OutletApi);
  readonly #store = inject(StatusStore);
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);
  readonly #runs = inject(BulkRuns);
  readonly #texts = inject(Texts);
  readonly #t = this.#texts.t;

  pause(id: string): Promise<void> {
    return this.#run(id, 'outlets.paused', () => this.#api.pause(id));
  }

  resume(id: string): Promise<void> {
    return this.#run(id, 'outlets.resumed', () => this.#api.resume(id));
  }

  /** Asks before many phones are needed; answers whether it began. */
  async forAll(ids: readonly string[], verb: BulkVerb): Promise<boolean> {
    const wanted = verb === 'connect' ? ids.filter((id) => this.#isToConnect(id)) : ids;
    if (wanted.length === 0) {
      this.#notifier.tell('bulk.noneToConnect');
      return false;
    }
    if (verb === 'connect' && !(await this.#confirmConnecting(wanted.length, ids.length - wanted.length))) return false;
    void this.#runs.run(wanted, verb);
    return true;
  }

  async logout(id: string): Promise<void> {
    const sure = await this.#confirm(id, 'outlets.logoutTitle', 'outlets.logoutBody', 'outlets.logout');
    if (sure) await this.#run(id, 'outlets.unlinked', () => this.#api.logout(id));
  }

  async remove(id: string): Promise<void> {
    const sure = await this.#confirm(id, 'outlets.removeTitle', 'outlets.removeBody', 'outlets.remove');
    if (sure) await this.#run(id, 'outlets.removed', () => this.#api.remove(id));
  }

  async #run(id: string, told: TextKey, command: () => Promise<void>): Promise<void> {
    // Known only until the command removes it.
    const name = this.#nameOf(id);
    try {
      await command();
      this.#notifier.tell(told, { name });
    } catch (fault) {
      this.#notifier.tellFault(fault);
    }
  }

  /** Neither what is connected already nor what is not to be. */
  #isToConnect(id: string): boolean {
    const status = this.#store.row(id)?.status;
    if (!status?.outlet.isActive) return false;
    return status.liveStatus.status !== 'CONNECTED' && status.liveStatus.status !== 'PAUSED';
  }

  #confirmConnecting(count: number, left: number): Promise<boolean> {
    const body = this.#t('bulk.connectBody', { count });
    return this.#ask({
      title: this.#t('bulk.connectTitle', { count }),
      body: left ? `${body} ${this.#t('bulk.connectLeft', { left })}` : body,
      confirm: this.#t('outlets.connect'),
      harmless: true,
    });
  }

  #confirm(id: string, title: TextKey, body: TextKey, confirm: TextKey): Promise<boolean> {
    return this.#ask({
      title: this.#t(title, { name: this.#nameOf(id) }),
      body: this.#t(body),
      confirm: this.#t(confirm),
    });
  }

  async #ask(data: Confirmation): Promise<boolean> {
    const asked = this.#dialog.open<ConfirmDialog, Confirmation, boolean>(ConfirmDialog, {
      data,
      panelClass: 'dialog',
      role: 'alertdialog',
    });
    return (await firstValueFrom(asked.afterClosed())) === true;
  }

  #nameOf(id: string): string {
    return this.#store.row(id)?.status.outlet.name ?? '';
  }
}
