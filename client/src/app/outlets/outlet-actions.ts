import { inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { Texts, type TextKey } from '../core/texts';
import { StatusStore } from '../outlet-status/status-store';
import { ConfirmDialog, type Confirmation } from '../ui/confirm-dialog';
import { Notifier } from '../ui/notifier';
import { OutletApi } from './outlet-api';

/** What can be done to many outlets at once. */
export type BulkVerb = 'connect' | 'pause' | 'resume';

const AT_ONCE = 4;

/** One-press commands on an outlet: ask where needed, send, tell. */
@Service()
export class OutletActions {
  readonly #api = inject(OutletApi);
  readonly #store = inject(StatusStore);
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);
  readonly #texts = inject(Texts);
  readonly #t = this.#texts.t;

  pause(id: string): Promise<void> {
    return this.#run(id, 'outlets.paused', () => this.#api.pause(id));
  }

  resume(id: string): Promise<void> {
    return this.#run(id, 'outlets.resumed', () => this.#api.resume(id));
  }

  /** The same for many outlets, a few at a time; what went wrong with some does not stop the others. */
  async forAll(ids: readonly string[], verb: BulkVerb): Promise<void> {
    const left = [...ids];
    const faults: unknown[] = [];
    const work = async () => {
      for (let id = left.shift(); id !== undefined; id = left.shift()) {
        await (verb === 'connect' ? this.#api.connect(id, { method: 'qr' }) : this.#api[verb](id)).catch(
          (fault: unknown) => faults.push(fault),
        );
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const done = ids.length - faults.length;
    if (done === 0) return this.#notifier.tellFault(faults[0]);
    this.#notifier.tell(faults.length ? 'bulk.someDone' : 'bulk.allDone', { done, failed: faults.length });
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

  async #confirm(id: string, title: TextKey, body: TextKey, confirm: TextKey): Promise<boolean> {
    const data: Confirmation = {
      title: this.#t(title, { name: this.#nameOf(id) }),
      body: this.#t(body),
      confirm: this.#t(confirm),
    };
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
