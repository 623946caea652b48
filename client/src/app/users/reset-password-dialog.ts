import { Component, inject } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { User } from '@koneksi/contracts/users';
import { Texts } from '../core/texts';
import { FormField } from '../ui/forms/form-field';
import { FormFoot } from '../ui/forms/form-foot';
import { NewPasswordField, SHORTEST_PASSWORD } from '../ui/forms/new-password-field';
import { Submission } from '../ui/forms/submission';
import type { UserList } from './user-list';

export interface ResetPasswordData {
  users: UserList;
  user: User;
}

/** A new password for someone who forgot theirs. Closes with the user. */
@Component({
  selector: 'app-reset-password-dialog',
  imports: [FormFoot, MatDialogModule, NewPasswordField],
  template: `
    <h2 mat-dialog-title>{{ t('users.resetTitle', { name: user.name }) }}</h2>
    <form (submit)="save($event)" novalidate>
      <mat-dialog-content>
        <p class="muted">{{ t('users.resetBody') }}</p>
        <app-new-password-field name="new-password" [field]="fields.password" />
        <div role="alert" class="problem">{{ form.problem() }}</div>
      </mat-dialog-content>
      <app-form-foot submitId="reset-save" [busy]="form.busy()" [words]="t('users.reset')" />
    </form>
  `,
  styles: `
    p {
      margin-block-end: 14px;
    }
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class ResetPasswordDialog {
  readonly #data = inject<ResetPasswordData>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<ResetPasswordDialog, User>>(MatDialogRef);
  protected readonly t = inject(Texts).t;
  protected readonly user = this.#data.user;
  protected readonly fields = {
    password: new FormField('', (password) =>
      password.length >= SHORTEST_PASSWORD ? null : this.t('users.passwordShort'),
    ),
  };
  protected readonly form = new Submission(this.fields);

  protected save(event: Event): Promise<void> {
    const password = this.fields.password.value();
    return this.form.run(event, async () =>
      this.#dialog.close(await this.#data.users.update(this.user.id, { password, mustChangePassword: true })),
    );
  }
}
