import { inject, Service } from '@angular/core';
import { sentenceIn } from '../core/sentence-in';
import { Texts, type KeysOf, type TextParams } from '../core/texts';
import { PUSH_EN } from './i18n/en';
import { PUSH_ID, type PushCatalogue } from './i18n/id';

const CATALOGUES = { id: PUSH_ID, en: PUSH_EN };

/** The sentences about notices of this browser. They come with what shows them. */
@Service()
export class PushTexts {
  readonly #locale = inject(Texts).locale;

  readonly p = (key: KeysOf<PushCatalogue>, params: TextParams = {}): string =>
    sentenceIn(CATALOGUES[this.#locale()], key, params);
}
