import type { ReasonCode } from './outlet-status.ts';
import type { Reason, ReasonParams } from './outlet-status-schema.ts';
import { PHONE_NOT_TOLD, type ReasonCatalogue, type ReasonSentences } from './reason-catalogue.ts';
import { ENGLISH_REASONS } from './reason-texts-en.ts';
import { INDONESIAN_REASONS } from './reason-texts-id.ts';

export const LOCALES = ['id', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

const CATALOGUES: Record<Locale, ReasonCatalogue> = { id: INDONESIAN_REASONS, en: ENGLISH_REASONS };

/** What is left to people where a link ended and WhatsApp could not be told. @param number the phone's, digits */
export const deviceRemoval = (locale: Locale, number: string | undefined): string =>
  REMOVALS[locale](number === undefined ? null : `+${number}`);

const REMOVALS: Record<Locale, (phone: string | null) => string> = {
  id: (phone) => `Hapus Koneksi dari Perangkat tertaut di HP ${phone ?? 'outlet'}.`,
  en: (phone) => `Remove Koneksi under Linked devices on ${phone ?? "the outlet's phone"}.`,
};

const clocks: Record<Locale, Intl.DateTimeFormat> = {
  id: new Intl.DateTimeFormat('id-ID', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Jakarta' }),
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Asia/Jakarta' }),
};

/**
 * The two sentences people see for a reason. Instants are told in WIB (UTC+7).
 * @param nextRetryAt when Koneksi tries again by itself; without it nothing of the kind is promised
 */
export function reasonSentences(
  code: ReasonCode,
  params: ReasonParams,
  locale: Locale,
  nextRetryAt: string | null = null,
): ReasonSentences {
  const when = (iso?: string): string => (iso ? `${clocks[locale].format(new Date(iso))} WIB` : '');
  const catalogue = CATALOGUES[locale];
  const { message, action } = catalogue[code](params, when, nextRetryAt !== null);
  // The first cause stays what happened; what to do now follows the last try.
  const lastTry = params.ranOut && catalogue.QR_EXPIRED({ ...params, method: params.ranOut }, when, false);
  const now = lastTry ? `${lastTry.message} ${lastTry.action}` : action;
  if (params.detail !== PHONE_NOT_TOLD) return { message, action: now };
  return { message, action: `${deviceRemoval(locale, params.number)} ${now}` };
}

/** A reason in the reader's language. `nextRetryAt` as for its sentences. */
export function toReason(
  code: ReasonCode | null,
  params: ReasonParams,
  locale: Locale,
  nextRetryAt: string | null = null,
): Reason | null {
  return code === null ? null : { code, params, ...reasonSentences(code, params, locale, nextRetryAt) };
}
