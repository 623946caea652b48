import type { ReasonCode } from './outlet-status.ts';
import type { Reason, ReasonParams } from './outlet-status-schema.ts';
import type { ReasonCatalogue, ReasonSentences } from './reason-catalogue.ts';
import { ENGLISH_REASONS } from './reason-texts-en.ts';
import { INDONESIAN_REASONS } from './reason-texts-id.ts';

export const LOCALES = ['id', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

const CATALOGUES: Record<Locale, ReasonCatalogue> = { id: INDONESIAN_REASONS, en: ENGLISH_REASONS };

const clocks: Record<Locale, Intl.DateTimeFormat> = {
  id: new Intl.DateTimeFormat('id-ID', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Jakarta' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Jakarta' }),
};

/** A reason in the reader's language. */
export function toReason(code: ReasonCode | null, params: ReasonParams, locale: Locale): Reason | null {
  return code === null ? null : { code, params, ...reasonSentences(code, params, locale) };
}

/** The two sentences people see for a reason. Instants are told in WIB (UTC+7). */
export function reasonSentences(code: ReasonCode, params: ReasonParams, locale: Locale): ReasonSentences {
  const when = (iso?: string): string => (iso ? `${clocks[locale].format(new Date(iso))} WIB` : '');
  const catalogue = CATALOGUES[locale];
  const sentences = catalogue[code](params, when);
  if (!params.ranOut) return sentences;
  // The first cause stays what happened; what to do now follows the last try.
  const lastTry = catalogue.QR_EXPIRED({ method: params.ranOut }, when);
  return { ...sentences, action: `${lastTry.message} ${lastTry.action}` };
}
