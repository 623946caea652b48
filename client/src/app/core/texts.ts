import { inject, Service, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { LOCALES, type Locale } from '@koneksi/contracts/reason-texts';
import { firstValueFrom } from 'rxjs';
import type { Catalogue } from '../../i18n/id';
import { wholeNumber } from './formats';
import { recall, remember } from './remembered';

/** Every key of the catalogue, `status.title` and so on: a misspelt one does not compile. */
export type TextKey = KeysOf<Catalogue>;
export type KeysOf<Node> = {
  [Key in keyof Node & string]: Node[Key] extends string ? Key : `${Key}.${KeysOf<Node[Key]>}`;
}[keyof Node & string];

export type TextParams = Record<string, string | number>;

/** The language people read, and every sentence in it. */
@Service()
export class Texts {
  readonly #transloco = inject(TranslocoService);
  readonly #locale = signal<Locale>('id');
  readonly locale = this.#locale.asReadonly();

  start(): Promise<void> {
    const remembered = recall('locale');
    return this.#speak(LOCALES.find((locale) => locale === remembered) ?? 'id');
  }

  async use(locale: Locale): Promise<void> {
    await this.#speak(locale);
    remember('locale', locale);
  }

  /** Reads the language as a signal, so that whatever shows the sentence follows a switch. */
  readonly t = (key: TextKey, params?: TextParams): string => this.#transloco.translate(key, params, this.#locale());

  /** A whole number as that language writes it. */
  readonly number = (value: number): string => wholeNumber(value, this.#locale());

  /** The signal moves only once the catalogue is there: no key is ever shown in place of its sentence. */
  async #speak(locale: Locale): Promise<void> {
    await firstValueFrom(this.#transloco.load(locale));
    this.#transloco.setActiveLang(locale);
    this.#locale.set(locale);
    document.documentElement.lang = locale;
  }
}
