import { Location } from '@angular/common';
import { Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import { Texts } from '../core/texts';
import { FormField } from '../ui/forms/form-field';
import { SHORTEST_PASSWORD } from '../ui/forms/new-password-field';
import { Submission } from '../ui/forms/submission';
import { TextField } from '../ui/forms/text-field';
import { PasswordResetApi } from './password-reset-api';
import { SignedOutFrame } from './signed-out-frame';

/** Where the link of a forgotten password leads. What it opens with leaves the address at once. */
@Component({
  selector: 'app-reset-password-page',
  imports: [MatButton, RouterLink, SignedOutFrame, TextField],
  template: `
    <app-signed-out-frame>
      <form class="panel" (submit)="save($event)" novalidate [attr.aria-label]="t('login.forgot.resetTitle')">
        <h2>{{ t('login.forgot.resetTitle') }}</h2>
        <app-text-field
          name="reset-password"
          type="password"
          autocomplete="new-password"
          [label]="t('profile.newPassword')"
          [hint]="t('users.passwordHint')"
          [field]="fields.newPassword"
        />
        <p class="muted">{{ t('login.forgot.endsAll') }}</p>
        <div class="problem" role="alert" data-testid="reset-problem">
          @if (form.problem(); as sentence) {
            <p>{{ sentence }}</p>
          }
        </div>
        <button
          matButton="filled"
          type="submit"
          [disabled]="form.busy()"
          disabledInteractive
          data-testid="reset-password-save"
        >
          {{ t('profile.changePassword') }}
        </button>
      </form>
      <p class="elsewhere">
        <a matButton routerLink="/forgot-password">{{ t('login.forgot.another') }}</a>
      </p>
    </app-signed-out-frame>
  `,
  styleUrl: './login-page.css',
})
export class ResetPasswordPage {
  readonly #api = inject(PasswordResetApi);
  readonly #router = inject(Router);
  readonly #token = takeToken(inject(Location));
  protected readonly t = inject(Texts).t;
  protected readonly fields = {
    newPassword: new FormField('', (typed) =>
      typed.length >= SHORTEST_PASSWORD ? null : this.t('users.passwordShort'),
    ),
  };
  protected readonly form = new Submission(this.fields);

  protected save(event: Event): Promise<void> {
    return this.form.run(event, async () => {
      await this.#api.complete({ token: this.#token, newPassword: this.fields.newPassword.value() });
      await this.#router.navigate(['/login'], { queryParams: { passwordChanged: true } });
    });
  }
}

/** Out of the address and the history, where whoever comes after would find it. */
function takeToken(location: Location): string {
  const token = globalThis.location.hash.slice(1);
  location.replaceState('/reset-password');
  return token;
}
