import { Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { User } from '@koneksi/contracts/users';
import { ApiFault } from '../core/api-fault';
import { FaultSentence } from '../core/fault-sentence';
import { Texts } from '../core/texts';
import { complete, FormField, placeFault } from '../ui/form-field';
import { NewPasswordField, SHORTEST_PASSWORD } from '../ui/new-password-field';
import type { UserFormData } from './user-form-dialog';

/** A new password for someone who forgot theirs. Closes with the user. */
@Component({
  selector: 'app-reset-password-dialog',
  imports: [MatButton, MatDialogModule, NewPasswordField],
  template: `
    <h2 mat-dialog-title>{{ t('users.resetTitle', { name: user.name }) }}</h2>
    <form (submit)="save($event)" novalidate>
      <mat-dialog-content>
        <p class="muted">{{ t('users.resetBody') }}</p>
        <app-new-password-field name="new-password" [field]="fields.password" />
        <div role="alert" class="problem">{{ problem() }}</div>
      </mat-dialog-content>
      <mat-dialog-actions align="end">
        <button matButton type="button" mat-dialog-close>{{ t('common.cancel') }}</button>
        <button matButton="filled" type="submit" data-testid="reset-save">{{ t('users.reset') }}</button>
      </mat-dialog-actions>
    </form>
  `,
  styles: `
    p {
      margin-block-end: 14px;
    }
  `,
  styleUrl: '../outlets/outlet-form-dialog.css',
})
export class ResetPasswordDialog {
  readonly #data = inject<UserFormData & { user: User }>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<ResetPasswordDialog, User>>(MatDialogRef);
  readonly #sentence = inject(FaultSentence);
  protected readonly t = inject(Texts).t;
  protected readonly user = this.#data.user;
  protected readonly fields = {
    password: new FormField('', (password) =>
      password.length >= SHORTEST_PASSWORD ? null : this.t('users.passwordShort'),
    ),
  };
  protected readonly problem = signal<string | null>(null);

  protected async save(event: Event): Promise<void> {
    event.preventDefault();
    if (!complete(this.fields)) return;
    try {
      this.#dialog.close(await this.#data.users.update(this.user.id, { password: this.fields.password.value() }));
    } catch (thrown) {
      const fault = ApiFault.of(thrown);
      const unplaced = placeFault(fault, this.fields);
      if (unplaced.length || !fault.fields.length) this.problem.set([this.#sentence.of(fault), ...unplaced].join(' '));
    }
  }
}
