import { inject, Service } from '@angular/core';
import { sentenceIn } from '../app/core/sentence-in';
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
    sentenceIn(CATALOGUES[this.#locale()], key, params);
}
