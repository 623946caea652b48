import { HttpClient } from '@angular/common/http';
import { effect, inject, Service, untracked } from '@angular/core';
import type { UpdateMe } from '@koneksi/contracts/auth';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { AuthStore } from './auth-store';
import { recall } from './remembered';
import { Texts } from './texts';
import { Theme, type ThemeChoice } from './theme';

/** Language and theme: chosen on this device, kept with the person, and brought to devices where none was chosen yet. */
@Service()
export class Preferences {
  readonly #http = inject(HttpClient);
  readonly #auth = inject(AuthStore);
  readonly #texts = inject(Texts);
  readonly #theme = inject(Theme);

  readonly locale = this.#texts.locale;
  readonly theme = this.#theme.choice;

  constructor() {
    effect(() => {
      this.#auth.userId();
      untracked(() => this.#bringAlong());
    });
  }

  useLocale(locale: Locale): void {
    void this.#texts.use(locale);
    this.#keep({ language: locale });
  }

  useTheme(theme: ThemeChoice): void {
    this.#theme.use(theme);
    this.#keep({ theme });
  }

  #bringAlong(): void {
    const user = this.#auth.user();
    if (!user) return;
    if (recall('locale') === null && user.language !== this.locale()) void this.#texts.use(user.language);
    if (recall('theme') === null && user.theme !== this.theme()) this.#theme.use(user.theme);
  }

  #keep(choice: UpdateMe): void {
    if (!this.#auth.user()) return;
    this.#auth.amend(choice);
    // The device has the choice already; a server that is away changes nothing about that.
    this.#http.patch('/api/auth/me', choice).subscribe({ error: () => undefined });
  }
}
