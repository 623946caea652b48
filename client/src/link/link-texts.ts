import { effect, Service, signal } from '@angular/core';
import type { Locale } from '@koneksi/contracts/reason-texts';
import { recall, remember } from '../app/core/remembered';
import type { KeysOf } from '../app/core/texts';
import { LINK_EN } from './i18n/en';
import { LINK_ID } from './i18n/id';

export type LinkKey = KeysOf<typeof LINK_ID>;

const CATALOGUES = { id: LINK_ID, en: LINK_EN };

/** Both languages come with the page: together they weigh less than asking for one. Indonesian first. */
@Service()
export class LinkTexts {
  readonly #locale = signal<Locale>(recall('locale') === 'en' ? 'en' : 'id');
  readonly locale = this.#locale.asReadonly();

  constructor() {
    effect(() => {
      document.documentElement.lang = this.locale();
      document.title = `${this.t('title')} · Koneksi`;
    });
  }

  switch(): void {
    this.#locale.update((locale) => (locale === 'id' ? 'en' : 'id'));
    remember('locale', this.locale());
  }

  readonly t = (key: LinkKey, params: Record<string, string> = {}): string => {
    const found = key
      .split('.')
      .reduce<unknown>((node, part) => (node as Record<string, unknown>)[part], CATALOGUES[this.locale()]);
    return String(found).replace(/{{(\w+)}}/g, (_, name: string) => params[name] ?? '');
  };
}
