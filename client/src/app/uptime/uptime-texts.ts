import { inject, Service } from '@angular/core';
import { sentenceIn } from '../core/sentence-in';
import { Texts, type KeysOf, type TextParams } from '../core/texts';
import { UPTIME_EN } from './i18n/en';
import { UPTIME_ID, type UptimeCatalogue } from './i18n/id';

type UptimeTextKey = KeysOf<UptimeCatalogue>;

const CATALOGUES = { id: UPTIME_ID, en: UPTIME_EN };

/** The sentences of the page of uptime. They come with it, so that no other page waits for them. */
@Service()
export class UptimeTexts {
  readonly #locale = inject(Texts).locale;

  readonly u = (key: UptimeTextKey, params: TextParams = {}): string =>
    sentenceIn(CATALOGUES[this.#locale()], key, params);
}
