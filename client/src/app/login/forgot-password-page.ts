import { Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { ApiFault } from '../core/api-fault';
import { FaultSentence } from '../core/fault-sentence';
import { Texts } from '../core/texts';
import { FormField } from '../ui/forms/form-field';
import { Submission } from '../ui/forms/submission';
import { TextField } from '../ui/forms/text-field';
import { PasswordResetApi } from './password-reset-api';
import { SignedOutFrame } from './signed-out-frame';

/** Sends a link by mail, where mail is sent; otherwise says who can help. */
@Component({
  selector: 'app-forgot-password-page',
  imports: [MatButton, RouterLink, SignedOutFrame, TextField],
  templateUrl: './forgot-password-page.html',
  styleUrl: './login-page.css',
})
export class ForgotPasswordPage {
  readonly #api = inject(PasswordResetApi);
  readonly #sentence = inject(FaultSentence);
  protected readonly t = inject(Texts).t;
  /** `null` until the server has answered. */
  protected readonly isByMail = signal<boolean | null>(null);
  protected readonly fault = signal<string | null>(null);
  protected readonly isSent = signal(false);
  protected readonly fields = {
    email: new FormField('', (typed) => (typed.trim() ? null : this.t('login.emailMissing'))),
  };
  protected readonly form = new Submission(this.fields);

  constructor() {
    void this.load();
  }

  protected async load(): Promise<void> {
    this.fault.set(null);
    try {
      this.isByMail.set(await this.#api.isByMail());
    } catch (thrown) {
      this.fault.set(this.#sentence.of(ApiFault.of(thrown)));
    }
  }

  protected send(event: Event): Promise<void> {
    return this.form.run(event, async () => {
      await this.#api.request({ email: this.fields.email.value().trim() });
      this.isSent.set(true);
    });
  }
}
