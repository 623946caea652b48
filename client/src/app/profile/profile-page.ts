import { HttpClient } from '@angular/common/http';
import { Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { ChangePassword, Me } from '@koneksi/contracts/auth';
import { LOCALES, type Locale } from '@koneksi/contracts/reason-texts';
import { firstValueFrom } from 'rxjs';
import { ApiFault } from '../core/api-fault';
import { AuthStore } from '../core/auth-store';
import { FaultSentence } from '../core/fault-sentence';
import { Preferences } from '../core/preferences';
import { Texts } from '../core/texts';
import { THEMES, type ThemeChoice } from '../core/theme';
import { ChoiceField } from '../ui/choice-field';
import { complete, FormField, placeFault } from '../ui/form-field';
import { SHORTEST_PASSWORD } from '../ui/new-password-field';
import { Notifier } from '../ui/notifier';
import { TextField } from '../ui/text-field';

/** What people set about themselves. */
@Component({
  selector: 'app-profile-page',
  imports: [ChoiceField, MatButton, TextField],
  templateUrl: './profile-page.html',
  styleUrl: './profile-page.css',
})
export class ProfilePage {
  readonly #http = inject(HttpClient);
  readonly #auth = inject(AuthStore);
  readonly #notifier = inject(Notifier);
  readonly #sentence = inject(FaultSentence);
  readonly #preferences = inject(Preferences);
  protected readonly t = inject(Texts).t;

  protected readonly user = this.#auth.user;
  protected readonly role = computed(() => `user.roles.${this.user()?.role ?? 'USER'}` as const);

  protected readonly person = {
    name: new FormField(this.user()?.name ?? '', (name) => (name.trim() ? null : this.t('users.nameMissing'))),
  };
  protected readonly passwords = {
    currentPassword: new FormField('', (typed) => (typed ? null : this.t('login.passwordMissing'))),
    newPassword: new FormField('', (typed) =>
      typed.length >= SHORTEST_PASSWORD ? null : this.t('users.passwordShort'),
    ),
  };
  protected readonly busy = signal(false);
  protected readonly personProblem = signal<string | null>(null);
  protected readonly passwordProblem = signal<string | null>(null);

  protected readonly locale = this.#preferences.locale;
  protected readonly theme = this.#preferences.theme;
  protected readonly languages = LOCALES.map((value) => ({ value, label: this.t(`language.${value}`) }));
  protected readonly themes = computed(() => THEMES.map((value) => ({ value, label: this.t(`theme.${value}`) })));

  protected useLocale(locale: string): void {
    this.#preferences.useLocale(locale as Locale);
  }

  protected useTheme(theme: string): void {
    this.#preferences.useTheme(theme as ThemeChoice);
  }

  protected async saveName(event: Event): Promise<void> {
    event.preventDefault();
    if (!complete(this.person)) return;
    await this.#send(this.person, this.personProblem, async () => {
      const name = this.person.name.value().trim();
      await firstValueFrom(this.#http.patch<Me>('/api/auth/me', { name }));
      this.#auth.amend({ name });
      this.#notifier.tell('profile.saved');
    });
  }

  protected async changePassword(event: Event): Promise<void> {
    event.preventDefault();
    if (!complete(this.passwords)) return;
    await this.#send(this.passwords, this.passwordProblem, async () => {
      const { currentPassword, newPassword } = this.passwords;
      const change: ChangePassword = { currentPassword: currentPassword.value(), newPassword: newPassword.value() };
      await firstValueFrom(this.#http.post('/api/auth/me/password', change));
      this.#notifier.tell('profile.passwordChanged');
    });
  }

  async #send(
    fields: Record<string, FormField<string>>,
    problem: { set(sentence: string | null): void },
    send: () => Promise<void>,
  ): Promise<void> {
    if (this.busy()) return;
    this.busy.set(true);
    problem.set(null);
    try {
      await send();
    } catch (thrown) {
      const fault = ApiFault.of(thrown);
      const unplaced = placeFault(fault, fields);
      if (unplaced.length || !fault.fields.length) problem.set([this.#sentence.of(fault), ...unplaced].join(' '));
    } finally {
      this.busy.set(false);
    }
  }
}
