import type { ComponentType } from '@angular/cdk/portal';
import { Component, computed, inject } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatMenuModule } from '@angular/material/menu';
import type { User } from '@koneksi/contracts/users';
import { firstValueFrom } from 'rxjs';
import { AddressState, anyText } from '../core/address-state';
import { AuthStore } from '../core/auth-store';
import { Texts, type TextKey } from '../core/texts';
import { ConfirmDialog, type Confirmation } from '../ui/confirm-dialog';
import { Editing } from '../ui/forms/editing';
import { EmptyState } from '../ui/lists/empty-state';
import { Icon } from '../ui/icon';
import { Loaded } from '../ui/lists/loaded';
import { Notifier } from '../ui/notifier';
import { RelativeTime } from '../ui/relative-time';
import { SearchField } from '../ui/forms/search-field';
import { OutletChoices } from '../live-status/outlet-choices';
import { ResetPasswordDialog, type ResetPasswordData } from './reset-password-dialog';
import { UserFormDialog, type UserFormData } from './user-form-dialog';
import { UserList } from './user-list';

/** More names than this are counted, not read. */
const NAMED_OUTLETS = 3;

/** Who may sign in, and what they see. */
@Component({
  selector: 'app-user-list-page',
  imports: [EmptyState, Icon, Loaded, MatButton, MatIconButton, MatMenuModule, RelativeTime, SearchField],
  providers: [AddressState, UserList],
  templateUrl: './user-list-page.html',
  styleUrls: ['../ui/lists/row-list.css', './user-list-page.css'],
})
export class UserListPage {
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);
  readonly #editing = inject(Editing);
  readonly #outlets = inject(OutletChoices);
  protected readonly list = inject(UserList);
  protected readonly t = inject(Texts).t;
  protected readonly ownId = inject(AuthStore).userId;

  protected readonly search = inject(AddressState).keep('q', '', anyText);
  protected readonly found = computed(() => {
    const wanted = this.search().trim().toLowerCase();
    return (this.list.users() ?? []).filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(wanted));
  });

  constructor() {
    void this.list.load();
  }

  protected roleOf({ role }: User): string {
    return this.t(`user.roles.${role}`);
  }

  protected outletsOf({ role, outletIds }: User): string {
    if (role !== 'USER') return this.t('users.allOutlets');
    if (outletIds.length === 0) return this.t('users.noOutlets');
    const names = outletIds.slice(0, NAMED_OUTLETS).map((id) => this.#outlets.nameOf(id) ?? '…');
    const more = outletIds.length - names.length;
    return more ? this.t('users.outletsAndMore', { names: names.join(', '), more }) : names.join(', ');
  }

  protected async add(): Promise<void> {
    const data: UserFormData = { users: this.list, edited: null };
    const user = await this.#open<UserFormData>(UserFormDialog, data);
    if (user) this.#notifier.tell('users.added', { name: user.name });
  }

  protected async edit({ id }: User): Promise<void> {
    const user = await this.#editing.open<User, User>(`/api/users/${id}`, (edited) => {
      const data: UserFormData = { users: this.list, edited };
      return this.#dialog.open(UserFormDialog, { data, panelClass: 'dialog' });
    });
    if (user) this.#notifier.tell('users.saved', { name: user.name });
  }

  protected async resetPassword(forgetful: User): Promise<void> {
    const data: ResetPasswordData = { users: this.list, user: forgetful };
    const user = await this.#open<ResetPasswordData>(ResetPasswordDialog, data);
    if (user) this.#notifier.tell('users.resetDone', { name: user.name });
  }

  protected async disableSecondFactor(user: User): Promise<void> {
    const [title, body] = ['users.secondFactorOffTitle', 'users.secondFactorOffBody'] as const;
    if (!(await this.#confirm(user, title, body, 'users.secondFactorOff'))) return;
    await this.#run('users.secondFactorOffDone', user, () => this.list.disableSecondFactor(user.id));
  }

  protected async setDisabled(user: User, isDisabled: boolean): Promise<void> {
    if (isDisabled && !(await this.#confirm(user, 'users.disableTitle', 'users.disableBody', 'users.disable'))) return;
    await this.#run(isDisabled ? 'users.disabledDone' : 'users.enabledDone', user, () =>
      this.list.update(user.id, { isDisabled }),
    );
  }

  protected async remove(user: User): Promise<void> {
    if (!(await this.#confirm(user, 'outlets.removeTitle', 'users.removeBody', 'outlets.remove'))) return;
    await this.#run('outlets.removed', user, () => this.list.remove(user.id));
  }

  async #run(told: TextKey, { name }: User, command: () => Promise<unknown>): Promise<void> {
    try {
      await command();
      this.#notifier.tell(told, { name });
    } catch (fault) {
      this.#notifier.tellFault(fault);
    }
  }

  #open<Data>(dialog: ComponentType<unknown>, data: Data): Promise<User | undefined> {
    return firstValueFrom(this.#dialog.open<unknown, Data, User>(dialog, { data, panelClass: 'dialog' }).afterClosed());
  }

  async #confirm({ name }: User, title: TextKey, body: TextKey, confirm: TextKey): Promise<boolean> {
    const data: Confirmation = { title: this.t(title, { name }), body: this.t(body), confirm: this.t(confirm) };
    const options = { data, panelClass: 'dialog', role: 'alertdialog' as const };
    return (await firstValueFrom(this.#dialog.open(ConfirmDialog, options).afterClosed())) === true;
  }
}
