import type { ComponentType } from '@angular/cdk/portal';
import { inject, Service } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import type { RestoreContacts } from '@koneksi/contracts/bin';
import type { Contact } from '@koneksi/contracts/contacts';
import { firstValueFrom } from 'rxjs';
import { Texts, type TextKey, type TextParams } from '../core/texts';
import { ConfirmDialog, type Confirmation } from '../ui/confirm-dialog';
import { Editing } from '../ui/forms/editing';
import { Notifier } from '../ui/notifier';
import { ContactApi, type Matching } from './contact-api';
import { candidatesOf, ColumnDialog, type PhoneCandidate } from './column-dialog';
import { ContactFormDialog, type ContactFormData } from './contact-form-dialog';
import { ImportDialog, type ImportTarget } from './import-dialog';
import { LedgerDialog } from './ledger-dialog';
import { numberText } from '../ui/number-text';
import { OptOutApi } from './opt-out-api';
import { saveFile } from '../core/save-file';

/** What people do with contacts: ask where needed, send, tell. Each answers whether anything changed. */
@Service()
export class ContactActions {
  readonly #api = inject(ContactApi);
  readonly #optOuts = inject(OptOutApi);
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);
  readonly #editing = inject(Editing);
  readonly #texts = inject(Texts);

  async add(outletId: string, knownTags: readonly string[]): Promise<boolean> {
    const data: ContactFormData = { outletId, contact: null, knownTags };
    const contact = await this.#open<ContactFormDialog, ContactFormData, Contact>(ContactFormDialog, data, 'dialog');
    return this.#tellSaved('contacts.added', contact);
  }

  async edit({ id, outletId }: Contact, knownTags: readonly string[]): Promise<boolean> {
    const saved = await this.#editing.open<Contact, Contact>(`/api/contacts/${id}`, (contact) => {
      const data: ContactFormData = { outletId, contact, knownTags };
      return this.#dialog.open(ContactFormDialog, { data, panelClass: 'dialog' });
    });
    return this.#tellSaved('contacts.saved', saved);
  }

  /** `undone` where somebody takes it back afterwards. */
  async remove({ id, outletId }: Contact, name: string, undone: () => void): Promise<boolean> {
    if (!(await this.#confirm('contacts.removeTitle', 'contacts.removeBody', 'contacts.remove', { name })))
      return false;
    return this.#run(async () => {
      await this.#api.remove(id);
      this.#notifier.tellWithUndo('contacts.removed', { name }, () => {
        void this.#undo(outletId, { contactIds: [id] }, undone);
      });
    });
  }

  async removeMatching(outletId: string, matching: Matching, count: number, undone: () => void): Promise<boolean> {
    const shown = { count: this.#texts.number(count) };
    const sure = await this.#confirm('contacts.removeAllTitle', 'contacts.removeAllBody', 'contacts.remove', shown);
    if (!sure) return false;
    return this.#run(async () => {
      const { deleted, removalId } = await this.#api.removeMatching(outletId, matching);
      this.#notifier.tellWithUndo('contacts.removedAll', { count: this.#texts.number(deleted) }, () => {
        void this.#undo(outletId, { removalId }, undone);
      });
    });
  }

  /** Out of the bin. */
  restore(outletId: string, which: RestoreContacts): Promise<boolean> {
    return this.#run(async () => {
      const { restored, left } = await this.#api.restore(outletId, which);
      const count = this.#texts.number(restored);
      if (left === 0) this.#notifier.tell('contacts.restored', { count });
      else this.#notifier.tell('contacts.restoredSome', { count, left: this.#texts.number(left) });
    });
  }

  async #undo(outletId: string, which: RestoreContacts, undone: () => void): Promise<void> {
    if (await this.restore(outletId, which)) undone();
  }

  async purge(outletId: string, id: string, name: string): Promise<boolean> {
    if (!(await this.#confirm('bin.purgeTitle', 'bin.purgeContactBody', 'bin.purge', { name }))) return false;
    return this.#run(async () => {
      await this.#api.purge(outletId, { contactIds: [id] });
      this.#notifier.tell('bin.purged', { name });
    });
  }

  async emptyBin(outletId: string, count: number): Promise<boolean> {
    const shown = { count: this.#texts.number(count) };
    if (!(await this.#confirm('bin.emptyTitle', 'bin.emptyBody', 'bin.purge', shown))) return false;
    return this.#run(async () => {
      const deleted = await this.#api.purge(outletId, { everything: true });
      this.#notifier.tell('bin.emptied', { count: this.#texts.number(deleted) });
    });
  }

  async recordOptOut({ phone, outletId }: Contact, name: string): Promise<boolean> {
    const sure = await this.#confirm('contacts.stopTitle', 'contacts.stopBody', 'contacts.stopConfirm', { name });
    if (!sure) return false;
    return this.#run(async () => {
      await this.#optOuts.record(phone, outletId);
      this.#notifier.tell('contacts.stopDone', { name });
    });
  }

  async history(phone: string): Promise<boolean> {
    return (await this.#open<LedgerDialog, string, boolean>(LedgerDialog, phone, 'dialog')) === true;
  }

  async import(outlet: ImportTarget): Promise<boolean> {
    await this.#open(ImportDialog, outlet, ['dialog', 'wide-dialog']);
    // However it was closed, an import may have come before.
    return true;
  }

  async importForChain(): Promise<boolean> {
    const { ChainImportDialog } = await import('./chain-import-dialog');
    await this.#open(ChainImportDialog, null, ['dialog', 'wide-dialog']);
    return true;
  }

  /** Counts first, and asks: an opt-out holds at every outlet. Where two columns may hold the numbers, a person says which. */
  async importOptOuts(file: File, phone: number | null = null): Promise<boolean> {
    let added = 0;
    let candidates: readonly PhoneCandidate[] = [];
    const isCounted = await this.#run(async () => {
      const counted = await this.#optOuts.importFile(file, true, phone).catch((thrown: unknown) => {
        candidates = candidatesOf(thrown);
        if (candidates.length === 0) throw thrown;
        return null;
      });
      if (!counted) return;
      const { added: isNew, already, byColumn, dropped, rejected } = counted;
      added = isNew;
      const shown = {
        count: this.#texts.number(isNew),
        already: this.#texts.number(already),
        rejected: this.#texts.number(rejected.length),
        hidden: this.#texts.number(dropped.find(({ reason }) => reason === 'ROW_HIDDEN')?.count ?? 0),
      };
      if (isNew === 0) this.#notifier.tell('optOuts.importNothing', shown);
      else {
        const body = byColumn === null ? 'optOuts.importEveryone' : 'optOuts.importBody';
        const params = { ...shown, column: byColumn ?? '' };
        const sure = await this.#confirm('optOuts.importTitle', body, 'optOuts.importConfirm', params);
        if (!sure) added = 0;
      }
    });
    if (candidates.length > 0) {
      const chosen = await this.#open<ColumnDialog, readonly PhoneCandidate[], number>(
        ColumnDialog,
        candidates,
        'dialog',
      );
      return chosen === undefined ? false : this.importOptOuts(file, chosen);
    }
    if (!isCounted || added === 0) return false;
    return this.#run(async () => {
      const result = await this.#optOuts.importFile(file, false, phone);
      this.#notifier.tell('optOuts.imported', { count: this.#texts.number(result.added) });
    });
  }

  async export(outletId: string, matching: Matching, outletName: string): Promise<void> {
    await this.#run(async () => {
      const file = await this.#api.export(outletId, matching);
      saveFile(file, `${this.#texts.t('contacts.title')} ${outletName}.csv`);
    });
  }

  #tellSaved(told: TextKey, saved: Contact | undefined): boolean {
    if (saved) this.#notifier.tell(told, { name: saved.name ?? numberText(saved.phone) });
    return saved !== undefined;
  }

  #open<Dialog, Data, Result>(
    dialog: ComponentType<Dialog>,
    data: Data,
    panelClass: string | string[],
  ): Promise<Result | undefined> {
    return firstValueFrom(this.#dialog.open<Dialog, Data, Result>(dialog, { data, panelClass }).afterClosed());
  }

  async #run(command: () => Promise<void>): Promise<boolean> {
    try {
      await command();
      return true;
    } catch (fault) {
      this.#notifier.tellFault(fault);
      return false;
    }
  }

  async #confirm(title: TextKey, body: TextKey, confirm: TextKey, params: TextParams): Promise<boolean> {
    const { t } = this.#texts;
    const data: Confirmation = { title: t(title, params), body: t(body, params), confirm: t(confirm) };
    const options = { data, panelClass: 'dialog', role: 'alertdialog' as const };
    return (await firstValueFrom(this.#dialog.open(ConfirmDialog, options).afterClosed())) === true;
  }
}
