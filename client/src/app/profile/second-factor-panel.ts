import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import type { SecondFactor, SecondFactorSecret } from '@koneksi/contracts/second-factor';
import { firstValueFrom } from 'rxjs';
import { ApiFault } from '../core/api-fault';
import { AuthStore } from '../core/auth-store';
import { FaultSentence } from '../core/fault-sentence';
import { exactTime } from '../core/formats';
import { whenRecordsChange } from '../core/records-changed';
import { Texts } from '../core/texts';
import { QrCode } from '../ui/qr-code';
import { FormField } from '../ui/forms/form-field';
import { Notifier } from '../ui/notifier';
import { Submission } from '../ui/forms/submission';
import { TextField } from '../ui/forms/text-field';
import { RecoveryCodesDialog } from './recovery-codes-dialog';
import { SecondFactorApi } from './second-factor-api';

/** What is being asked for; nothing where it is `null`. */
type Asking = 'password' | 'scan' | 'renew' | 'off' | null;

/** Whether one's own log-in asks for a code, and the way there and back. */
@Component({
  selector: 'app-second-factor-panel',
  imports: [MatButton, QrCode, TextField],
  templateUrl: './second-factor-panel.html',
  styleUrl: './profile-page.css',
})
export class SecondFactorPanel {
  readonly #api = inject(SecondFactorApi);
  readonly #auth = inject(AuthStore);
  readonly #dialog = inject(MatDialog);
  readonly #notifier = inject(Notifier);
  readonly #sentence = inject(FaultSentence);
  readonly #locale = inject(Texts).locale;
  protected readonly t = inject(Texts).t;
  /** `null` until the server has answered. */
  protected readonly state = signal<SecondFactor | null>(null);
  protected readonly fault = signal<string | null>(null);
  protected readonly asking = signal<Asking>(null);
  protected readonly secret = signal<SecondFactorSecret | null>(null);
  /** As people read it to each other. */
  protected readonly spelled = computed(
    () =>
      this.secret()
        ?.secret.match(/.{1,4}/g)
        ?.join(' ') ?? '',
  );
  protected readonly since = computed(() => {
    const { enabledAt, recoveryCodesLeft } = this.state() ?? {};
    const time = enabledAt ? exactTime(enabledAt, this.#locale()) : '';
    return this.t('secondFactor.onSince', { time, count: recoveryCodesLeft ?? 0 });
  });
  protected readonly passwordFields = {
    currentPassword: new FormField('', (typed) => (typed ? null : this.t('login.passwordMissing'))),
  };
  protected readonly codeFields = {
    code: new FormField('', (typed) => (typed.trim() ? null : this.t('secondFactor.codeMissing'))),
  };
  protected readonly passwordForm = new Submission(this.passwordFields);
  protected readonly codeForm = new Submission(this.codeFields);

  constructor() {
    void this.load();
    whenRecordsChange(['profile'], async () => this.state.set(await this.#api.state()));
  }

  protected async load(): Promise<void> {
    this.fault.set(null);
    try {
      this.state.set(await this.#api.state());
    } catch (thrown) {
      this.fault.set(this.#sentence.of(ApiFault.of(thrown)));
    }
  }

  protected ask(asking: Asking): void {
    for (const field of [this.passwordFields.currentPassword, this.codeFields.code]) {
      field.value.set('');
      field.leave();
    }
    if (asking !== 'scan') this.secret.set(null);
    this.asking.set(asking);
  }

  protected start(event: Event): Promise<void> {
    return this.passwordForm.run(event, async () => {
      this.secret.set(await this.#api.start(this.passwordFields.currentPassword.value()));
      this.ask('scan');
    });
  }

  protected sendCode(event: Event): Promise<void> {
    return this.codeForm.run(event, async () => {
      const code = this.codeFields.code.value().trim();
      const asking = this.asking();
      const codes = await this.#send(asking, code);
      this.ask(null);
      if (codes) await this.#show(codes);
      this.#auth.amend({ hasSecondFactor: asking !== 'off' });
      this.#notifier.tell(asking === 'off' ? 'secondFactor.nowOff' : 'secondFactor.nowOn');
      await this.load();
    });
  }

  #send(asking: Asking, code: string): Promise<string[] | void> {
    if (asking === 'off') return this.#api.disable(code);
    return asking === 'renew' ? this.#api.renewRecoveryCodes(code) : this.#api.confirm(code);
  }

  async #show(data: readonly string[]): Promise<void> {
    const opened = this.#dialog.open(RecoveryCodesDialog, { data, panelClass: 'dialog', disableClose: true });
    await firstValueFrom(opened.afterClosed());
  }
}
