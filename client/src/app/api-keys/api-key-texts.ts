import { inject, Service } from '@angular/core';
import type { ApiKey } from '@koneksi/contracts/auth';
import type { Scope } from '@koneksi/contracts/scopes';
import { sentenceIn } from '../core/sentence-in';
import { Texts, type KeysOf, type TextParams } from '../core/texts';
import { API_KEY_EN } from './i18n/en';
import { API_KEY_ID, type ApiKeyCatalogue } from './i18n/id';

const CATALOGUES = { id: API_KEY_ID, en: API_KEY_EN };

/** The sentences of the page of API keys. They come with it, so that no other page waits for them. */
@Service()
export class ApiKeyTexts {
  readonly #locale = inject(Texts).locale;

  readonly k = (key: KeysOf<ApiKeyCatalogue>, params: TextParams = {}): string =>
    sentenceIn(CATALOGUES[this.#locale()], key, params);

  /** A newer server may know scopes that this page does not. */
  scopeOf(scope: Scope): string {
    return scope in API_KEY_ID.scopes ? this.k(`scopes.${scope}`) : scope;
  }

  /** What the key may do, in one line. */
  mayOf({ role, scopes }: ApiKey): string {
    if (scopes) return scopes.map((scope) => this.scopeOf(scope)).join(' · ');
    return this.k(role === 'USER' ? 'row.asStaff' : 'row.asAdmin');
  }
}
