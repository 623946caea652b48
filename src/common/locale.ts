import { LOCALES, type Locale } from '@koneksi/contracts/reason-texts';

/** The language to answer in: the best of ours that `Accept-Language` names, else Indonesian. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  let best: Locale = 'id';
  let bestQuality = 0;
  for (const range of (acceptLanguage ?? '').split(',')) {
    const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
    const locale = LOCALES.find((known) => tag === known || tag.startsWith(`${known}-`));
    const quality = Number(
      parameters
        .find((parameter) => parameter.trim().startsWith('q='))
        ?.trim()
        .slice(2) ?? 1,
    );
    if (locale && quality > bestQuality) [best, bestQuality] = [locale, quality];
  }
  return best;
}
