import { Component, computed, inject, input, signal } from '@angular/core';
import { MatButton, MatIconButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import type { SecondStep } from '@koneksi/contracts/second-factor';
import { ApiFault } from '../core/api-fault';
import { AuthStore } from '../core/auth-store';
import { Clock } from '../core/clock';
import { FaultSentence } from '../core/fault-sentence';
import { countdown } from '../core/formats';
import { Texts } from '../core/texts';
import { DemoPart } from '../ui/demo-part';
import { complete, FormField } from '../ui/forms/form-field';
import { Icon } from '../ui/icon';
import { TextField } from '../ui/forms/text-field';
import { SecondStepForm } from './second-step-form';
import { SignedOutFrame } from './signed-out-frame';

@Component({
  selector: 'app-login-page',
  imports: [DemoPart, Icon, MatButton, MatIconButton, RouterLink, SecondStepForm, SignedOutFrame, TextField],
  templateUrl: './login-page.html',
  styleUrl: './login-page.css',
})
export class LoginPage {
  /** Where to go once signed in; bound from the address. */
  readonly returnUrl = input<string>();
  /** Set when they come from changing a password that they had forgotten. */
  readonly passwordChanged = input<string>();

  readonly #auth = inject(AuthStore);
  readonly #router = inject(Router);
  readonly #clock = inject(Clock);
  readonly #texts = inject(Texts);
  readonly #sentence = inject(FaultSentence);
  protected readonly t = this.#texts.t;

  protected readonly fields = {
    email: new FormField('', (typed) => (typed.trim() ? null : this.t('login.emailMissing'))),
    password: new FormField('', (typed) => (typed ? null : this.t('login.passwordMissing'))),
  };
  protected readonly passwordShown = signal(false);
  protected readonly busy = signal(false);
  /** The password was right; the code is still to come. */
  protected readonly step = signal<SecondStep | null>(null);
  readonly #fault = signal<ApiFault | null>(null);
  /** The server blocks one account at a time: another may try at once. */
  readonly #blocked = signal({ email: '', until: 0 });
  readonly #email = computed(() => this.fields.email.value().trim().toLowerCase());

  /** Counts down to when the server takes another attempt. */
  protected readonly wait = computed(() => {
    const { email, until } = this.#blocked();
    const left = email === this.#email() ? until - this.#clock.now() : 0;
    return left > 0 ? countdown(left, this.#texts.locale()) : null;
  });
  protected readonly problem = computed(() => {
    const fault = this.#fault();
    if (!fault || (fault.retryAfterSeconds && !this.wait())) return null;
    return this.#sentence.of(fault);
  });

  /** Why they are here again, until they try. */
  protected readonly ended = computed(() => (this.problem() ? null : this.#auth.ended()));

  protected async goOn(): Promise<void> {
    await this.#router.navigateByUrl(this.returnUrl() ?? '/');
  }

  protected beginAnew(): void {
    this.fields.password.value.set('');
    this.fields.password.leave();
    this.step.set(null);
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (!complete(this.fields) || this.busy() || this.wait()) return;
    this.busy.set(true);
    this.#fault.set(null);
    try {
      const { email, password } = this.fields;
      this.step.set(await this.#auth.login({ email: email.value(), password: password.value() }));
      if (!this.step()) await this.goOn();
    } catch (thrown) {
      const fault = ApiFault.of(thrown);
      this.#fault.set(fault);
      if (fault.retryAfterSeconds)
        this.#blocked.set({ email: this.#email(), until: this.#clock.instant() + fault.retryAfterSeconds * 1_000 });
    } finally {
      this.busy.set(false);
    }
  }
}
