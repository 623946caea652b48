import { inject, Service } from '@angular/core';
import { Texts, type KeysOf, type TextParams } from '../app/core/texts';
import { DEMO_EN } from './i18n/en';
import { DEMO_ID, type DemoCatalogue } from './i18n/id';

export type DemoTextKey = KeysOf<DemoCatalogue>;

const CATALOGUES = { id: DEMO_ID, en: DEMO_EN };

/** The sentences of the demo, apart from the product's: they exist where it does. */
@Service()
export class DemoTexts {
  readonly #locale = inject(Texts).locale;

  readonly t = (key: DemoTextKey, params: TextParams = {}): string =>
    sentenceAt(CATALOGUES[this.#locale()], key).replace(/{{(\w+)}}/g, (_, name: string) => String(params[name]));
}

interface Sentences {
  [key: string]: string | Sentences;
}

function sentenceAt(catalogue: Sentences, key: string): string {
  const found = key.split('.').reduce<string | Sentences>((node, part) => (node as Sentences)[part]!, catalogue);
  return found as string;
}
