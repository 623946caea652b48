import { HttpClient } from '@angular/common/http';
import { Component, inject } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import type { Proof, ProofKind } from '@koneksi/contracts/auth';
import { firstValueFrom } from 'rxjs';
import { Texts } from '../core/texts';
import { FormField } from '../ui/forms/form-field';
import { FormFoot } from '../ui/forms/form-foot';
import { Submission } from '../ui/forms/submission';
import { TextField } from '../ui/forms/text-field';

/** Password or code once more. Closes with `true` once the server took it. */
@Component({
  selector: 'app-proof-dialog',
  imports: [FormFoot, MatDialogModule, TextField],
  template: `
    <h2 mat-dialog-title>{{ t('proof.title') }}</h2>
    <form (submit)="send($event)" novalidate data-testid="proof-dialog">
      <mat-dialog-content>
        @if (by === 'password') {
          <p class="muted">{{ t('proof.byPassword') }}</p>
          <app-text-field
            name="proof-password"
            type="password"
            autocomplete="current-password"
            maxlength="200"
            [label]="t('profile.currentPassword')"
            [field]="password"
          />
        } @else {
          <p class="muted">{{ t('proof.byCode') }}</p>
          <app-text-field
            name="proof-code"
            autocomplete="one-time-code"
            maxlength="40"
            [label]="t('secondFactor.code')"
            [hint]="t('secondFactor.orRecovery')"
            [field]="code"
          />
        }
        <div role="alert" class="problem">{{ form.problem() }}</div>
      </mat-dialog-content>
      <app-form-foot submitId="proof-send" cancelId="proof-cancel" [busy]="form.busy()" [words]="t('proof.confirm')" />
    </form>
  `,
  styles: `
    p {
      margin-block-end: 14px;
    }
  `,
  styleUrl: '../ui/forms/form-dialog.css',
})
export class ProofDialog {
  readonly #http = inject(HttpClient);
  readonly #dialog = inject<MatDialogRef<ProofDialog, boolean>>(MatDialogRef);
  protected readonly by = inject<ProofKind>(MAT_DIALOG_DATA);
  protected readonly t = inject(Texts).t;
  protected readonly password = new FormField('', (typed) => (typed ? null : this.t('login.passwordMissing')));
  protected readonly code = new FormField('', (typed) => (typed.trim() ? null : this.t('secondFactor.codeMissing')));
  protected readonly form = new Submission(
    this.by === 'password' ? { currentPassword: this.password } : { code: this.code },
  );

  protected send(event: Event): Promise<void> {
    const proof: Proof =
      this.by === 'password' ? { currentPassword: this.password.value() } : { code: this.code.value().trim() };
    return this.form.run(event, async () => {
      await firstValueFrom(this.#http.post('/api/auth/me/proof', proof));
      this.#dialog.close(true);
    });
  }
}
