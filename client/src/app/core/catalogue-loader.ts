import type { Translation, TranslocoLoader } from '@jsverse/transloco';

/** Each language is its own chunk; only the one that is read gets loaded. */
export class CatalogueLoader implements TranslocoLoader {
  async getTranslation(locale: string): Promise<Translation> {
    return locale === 'en' ? (await import('../../i18n/en')).EN : (await import('../../i18n/id')).ID;
  }
}
