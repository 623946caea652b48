import { inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { BinnedOutlet } from '@koneksi/contracts/bin';
import { firstValueFrom } from 'rxjs';
import { saveFile } from '../core/save-file';
import { Texts, type TextKey } from '../core/texts';
import { StatusStore } from '../live-status/status-store';
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
    return this.#run(
      id,
      'outlets.paused',
      () => this.#api.pause(id),
      () => this.resume(id),
    );
  }

  resume(id: string): Promise<void> {
    return this.#run(
      id,
      'outlets.resumed',
      () => this.#api.resume(id),
      () => this.pause(id),
    );
  }

  /** Asks with the number, leaves alone what is so already, and offers the way back. */
  async forAll(ids: readonly string[], verb: BulkVerb): Promise<void> {
    const wanted = ids.filter((id) => this.#isFor(verb, id));
    if (wanted.length === 0) return this.#notifier.tell(`bulk.none.${verb}`);
    if (!(await this.#confirmForAll(verb, wanted.length, ids.length - wanted.length))) return;
    this.#tellDone(verb, await this.#runs.run(wanted, verb));
  }

  /** Whatever was so before stays so: the way back takes those alone that were changed. */
  #tellDone(verb: BulkVerb, done: readonly string[]): void {
    if (done.length === 0) return;
    const count = this.#texts.number(done.length);
    if (verb === 'connect') return this.#notifier.tell('bulk.done.connect', { count });
    const back = verb === 'pause' ? 'resume' : 'pause';
    this.#notifier.tellWithUndo(`bulk.done.${verb}`, { count }, () => void this.#undo(done, back));
  }

  async #undo(ids: readonly string[], verb: BulkVerb): Promise<void> {
    const done = await this.#runs.run(ids, verb);
    if (done.length > 0) this.#notifier.tell('bulk.undone', { count: this.#texts.number(done.length) });
  }

  async logout(id: string): Promise<void> {
    const sure = await this.#confirm(id, 'outlets.logoutTitle', 'outlets.logoutBody', 'outlets.logout');
    if (sure) await this.#run(id, 'outlets.unlinked', () => this.#api.logout(id));
  }

  async remove(id: string): Promise<void> {
    const sure = await this.#confirm(id, 'outlets.removeTitle', 'outlets.removeBody', 'outlets.remove');
    if (!sure) return;
    const name = this.#nameOf(id);
    await this.#run(
      id,
      'outlets.removed',
      () => this.#api.remove(id),
      async () => void (await this.restore(id, name)),
    );
  }

  /** All of them, as a file. */
  async export(): Promise<void> {
    await this.#told(async () => saveFile(await this.#api.export(), `${this.#t('outlets.title')}.csv`));
  }

  /** Out of the bin. @returns whether it is back */
  restore(id: string, name: string): Promise<boolean> {
    return this.#told(async () => {
      await this.#api.restore(id);
      this.#notifier.tell('outlets.restored', { name });
    });
  }

  /** Out of the bin, for good, with its contacts. @returns whether it is gone */
  async purge({ id, name, contacts }: BinnedOutlet): Promise<boolean> {
    const sure = await this.#ask({
      title: this.#t('bin.purgeTitle', { name }),
      body: this.#t('bin.purgeOutletBody', { count: this.#texts.number(contacts) }),
      confirm: this.#t('bin.purge'),
    });
    if (!sure) return false;
    return this.#told(async () => {
      await this.#api.purge(id);
      this.#notifier.tell('bin.purged', { name });
    });
  }

  async #run(id: string, told: TextKey, command: () => Promise<void>, undo?: () => Promise<void>): Promise<void> {
    // Known only until the command removes it.
    const name = this.#nameOf(id);
    await this.#told(async () => {
      await command();
      if (undo) this.#notifier.tellWithUndo(told, { name }, () => void undo());
      else this.#notifier.tell(told, { name });
    });
  }

  /** Answers whether it was done; where it was not, the person was told why. */
  async #told(command: () => Promise<void>): Promise<boolean> {
    try {
      await command();
      return true;
    } catch (fault) {
      this.#notifier.tellFault(fault);
      return false;
    }
  }

  #isFor(verb: BulkVerb, id: string): boolean {
    const status = this.#store.row(id)?.status;
    if (!status?.outlet.isActive) return false;
    const isPaused = status.liveStatus.status === 'PAUSED';
    if (verb === 'resume') return isPaused;
    return !isPaused && (verb === 'pause' || status.liveStatus.status !== 'CONNECTED');
  }

  #confirmForAll(verb: BulkVerb, count: number, left: number): Promise<boolean> {
    const body = this.#t(`bulk.body.${verb}`, { count });
    return this.#ask({
      title: this.#t(`bulk.title.${verb}`, { count }),
      body: left ? `${body} ${this.#t(`bulk.left.${verb}`, { left })}` : body,
      confirm: this.#t(`outlets.${verb}`),
      harmless: verb !== 'pause',
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
