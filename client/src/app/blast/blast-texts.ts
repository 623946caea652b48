import { inject, Service } from '@angular/core';
import { sentenceIn } from '../core/sentence-in';
import { Texts, type KeysOf, type TextParams } from '../core/texts';
import { BLAST_EN } from './i18n/en';
import { BLAST_ID, type BlastCatalogue } from './i18n/id';

export type BlastTextKey = KeysOf<BlastCatalogue>;

const CATALOGUES = { id: BLAST_ID, en: BLAST_EN };

/** The sentences of the blast pages. They come with those pages, so that no other page waits for them. */
@Service()
export class BlastTexts {
  readonly #locale = inject(Texts).locale;

  readonly b = (key: BlastTextKey, params: TextParams = {}): string =>
    sentenceIn(CATALOGUES[this.#locale()], key, params);
}
