import { HttpClient } from '@angular/common/http';
import { Component, computed, effect, inject, untracked } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { ChangePassword, Me } from '@koneksi/contracts/auth';
import { LOCALES } from '@koneksi/contracts/reason-texts';
import { firstValueFrom } from 'rxjs';
import { AuthStore } from '../core/auth-store';
import { Preferences } from '../core/preferences';
import { Texts } from '../core/texts';
import { THEMES } from '../core/theme';
import { ChoiceField } from '../ui/forms/choice-field';
import { FormField } from '../ui/forms/form-field';
import { SHORTEST_PASSWORD } from '../ui/forms/new-password-field';
import { Notifier } from '../ui/notifier';
import { Submission } from '../ui/forms/submission';
import { TextField } from '../ui/forms/text-field';
import { PushPanel } from '../push/push-panel';
import { SecondFactorPanel } from './second-factor-panel';
import { UsagePanel } from '../quotas/usage-panel';

/** What people set about themselves. */
@Component({
  selector: 'app-profile-page',
  imports: [ChoiceField, MatButton, PushPanel, UsagePanel, SecondFactorPanel, TextField],
  templateUrl: './profile-page.html',
  styleUrl: './profile-page.css',
})
export class ProfilePage {
  readonly #http = inject(HttpClient);
  readonly #auth = inject(AuthStore);
  readonly #notifier = inject(Notifier);
  protected readonly preferences = inject(Preferences);
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
  protected readonly personForm = new Submission(this.person);
  protected readonly passwordForm = new Submission(this.passwords);

  protected readonly languages = LOCALES.map((value) => ({ value, label: this.t(`language.${value}`) }));
  protected readonly themes = computed(() => THEMES.map((value) => ({ value, label: this.t(`theme.${value}`) })));

  constructor() {
    let shown = this.person.name.value();
    effect(() => {
      const name = this.user()?.name ?? '';
      // What somebody is typing stays.
      if (untracked(this.person.name.value) === shown) this.person.name.value.set(name);
      shown = name;
    });
  }

  protected saveName(event: Event): Promise<void> {
    return this.personForm.run(event, async () => {
      const name = this.person.name.value().trim();
      await firstValueFrom(this.#http.patch<Me>('/api/auth/me', { name }));
      this.#auth.amend({ name });
      this.#notifier.tell('profile.saved');
    });
  }

  protected changePassword(event: Event): Promise<void> {
    return this.passwordForm.run(event, async () => {
      const { currentPassword, newPassword } = this.passwords;
      const change: ChangePassword = { currentPassword: currentPassword.value(), newPassword: newPassword.value() };
      await firstValueFrom(this.#http.post('/api/auth/me/password', change));
      // Nothing else was open to them, and nothing was loaded: begin anew.
      if (this.user()?.mustChangePassword) return location.assign('/');
      this.#notifier.tell('profile.passwordChanged');
    });
  }
}
