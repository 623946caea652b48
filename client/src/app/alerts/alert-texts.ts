import { inject, Service } from '@angular/core';
import { sentenceIn } from '../core/sentence-in';
import { Texts, type KeysOf, type TextParams } from '../core/texts';
import { ALERT_EN } from './i18n/en';
import { ALERT_ID, type AlertCatalogue } from './i18n/id';

type AlertTextKey = KeysOf<AlertCatalogue>;

const CATALOGUES = { id: ALERT_ID, en: ALERT_EN };

/** The sentences of the page of alerts. They come with it, so that no other page waits for them. */
@Service()
export class AlertTexts {
  readonly #locale = inject(Texts).locale;

  readonly a = (key: AlertTextKey, params: TextParams = {}): string =>
    sentenceIn(CATALOGUES[this.#locale()], key, params);
}
