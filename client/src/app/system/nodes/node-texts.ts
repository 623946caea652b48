import { inject, Service } from '@angular/core';
import { sentenceIn } from '../../core/sentence-in';
import { Texts, type KeysOf, type TextParams } from '../../core/texts';
import { NODE_EN } from './i18n/en';
import { NODE_ID, type NodeCatalogue } from './i18n/id';

const CATALOGUES = { id: NODE_ID, en: NODE_EN };

/** The sentences of the servers. They come with the page that shows them. */
@Service()
export class NodeTexts {
  readonly #locale = inject(Texts).locale;

  readonly n = (key: KeysOf<NodeCatalogue>, params: TextParams = {}): string =>
    sentenceIn(CATALOGUES[this.#locale()], key, params);
}
