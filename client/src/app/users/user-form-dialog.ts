import { Component, computed, inject } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { ROLES, type Role } from '@koneksi/contracts/roles';
import type { User } from '@koneksi/contracts/users';
import type { Edited } from '../core/edited';
import { Texts } from '../core/texts';
import { ChangedMeanwhile } from '../ui/forms/changed-meanwhile';
import { CheckList } from '../ui/forms/check-list';
import { ChoiceField } from '../ui/forms/choice-field';
import { NEWEST, type Newest } from '../ui/forms/editing';
import { FormField } from '../ui/forms/form-field';
import { FormFoot } from '../ui/forms/form-foot';
import { NewPasswordField, SHORTEST_PASSWORD } from '../ui/forms/new-password-field';
import { Submission } from '../ui/forms/submission';
import { TextField } from '../ui/forms/text-field';
import { OutletChoices } from '../live-status/outlet-choices';
import type { UserList } from './user-list';

export interface UserFormData {
  users: UserList;
  /** Whom to edit; `null` for someone new. */
  edited: Edited<User> | null;
}

/** Adds a user, or edits one. Closes with the saved user. */
@Component({
  selector: 'app-user-form-dialog',
  imports: [ChangedMeanwhile, CheckList, ChoiceField, FormFoot, MatDialogModule, NewPasswordField, TextField],
  template: `
    <h2 mat-dialog-title>{{ t(user ? 'users.editTitle' : 'users.addTitle') }}</h2>
    <form (submit)="save($event)" novalidate>
      <mat-dialog-content>
        <app-text-field name="user-name" maxlength="80" [label]="t('users.name')" [field]="fields.name" />
        <app-text-field
          name="user-email"
          type="email"
          inputmode="email"
          [label]="t('login.email')"
          [field]="fields.email"
        />
        @if (!user) {
          <app-new-password-field name="user-password" [field]="fields.password" />
        }
        <app-choice-field
          name="user-role"
          [label]="t('users.role')"
          [choices]="roles()"
          [(value)]="fields.role.value"
        />
        <p class="role-hint muted">{{ t(roleHint()) }}</p>
        @if (fields.role.value() === 'USER') {
          <app-check-list
            [label]="t('users.outlets')"
            [searchLabel]="t('contacts.search')"
            [none]="t('status.noneTitle')"
            [items]="outlets.all()"
            [(chosen)]="fields.outletIds.value"
          />
          <p class="warning" role="status" data-testid="user-sees-nothing">
            {{ fields.outletIds.value().size ? '' : t('users.seesNothing') }}
          </p>
        }
        <div role="alert" class="problem" data-testid="user-form-error">{{ form.problem() }}</div>
        <app-changed-meanwhile [shown]="form.changed()" [edited]="edited" (newest)="newest()" />
      </mat-dialog-content>
      <app-form-foot submitId="user-save" [busy]="form.busy()" />
    </form>
  `,
  styles: `
    .role-hint {
      margin-block: 4px 12px;
      font-size: 0.8125rem;
    }
    .warning:not(:empty) {
      margin-block-start: 6px;
      color: var(--k-slow);
      font-size: 0.8125rem;
    }
    .problem {
      margin-block-start: 8px;
      color: var(--k-danger);
    }
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class UserFormDialog {
  readonly #data = inject<UserFormData>(MAT_DIALOG_DATA);
  readonly #dialog = inject<MatDialogRef<UserFormDialog, User | Newest>>(MatDialogRef);
  protected readonly t = inject(Texts).t;
  protected readonly outlets = inject(OutletChoices);
  protected readonly edited = this.#data.edited;
  protected readonly user = this.edited?.value ?? null;

  protected readonly fields = {
    name: new FormField(this.user?.name ?? '', (name) => (name.trim() ? null : this.t('users.nameMissing'))),
    email: new FormField(this.user?.email ?? '', (email) => (email.trim() ? null : this.t('users.emailMissing'))),
    password: new FormField('', (password) =>
      this.user || password.length >= SHORTEST_PASSWORD ? null : this.t('users.passwordShort'),
    ),
    role: new FormField<Role>(this.user?.role ?? 'USER'),
    outletIds: new FormField<ReadonlySet<string>>(new Set(this.user?.outletIds)),
  };
  protected readonly roles = computed(() => ROLES.map((value) => ({ value, label: this.t(`user.roles.${value}`) })));
  protected readonly roleHint = computed(() => `users.roleHint.${this.fields.role.value()}` as const);

  protected readonly form = new Submission(this.fields, { EMAIL_TAKEN: this.fields.email });

  protected save(event: Event): Promise<void> {
    return this.form.run(event, async () => this.#dialog.close(await this.#send()));
  }

  protected newest(): void {
    this.#dialog.close(NEWEST);
  }

  #send(): Promise<User> {
    const { name, email, password, role, outletIds } = this.fields;
    const fields = {
      name: name.value().trim(),
      email: email.value().trim(),
      role: role.value(),
      outletIds: role.value() === 'USER' ? [...outletIds.value()] : [],
    };
    const { users } = this.#data;
    if (this.user) return users.update(this.user.id, fields, this.edited?.ifMatch);
    // Whoever makes a user knows the password; its owner changes it at the first log-in.
    return users.create({ ...fields, password: password.value(), mustChangePassword: true });
  }
}
