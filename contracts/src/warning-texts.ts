import type { WarningCode, WarningFact } from './outlet-warnings.ts';
import { deviceRemoval, type Locale } from './reason-texts.ts';

interface Sentences {
  message: string;
  action: string;
}

type Words = (fact: WarningFact, day: (iso: string | null) => string) => Sentences;

/** What stalled twice is given up, and may have been somebody's wish. */
const UNREAD: Record<Locale, Sentences> = {
  id: {
    message: 'Ada pesan masuk yang tidak dapat dibaca Koneksi; pesan lain berjalan lagi.',
    action: 'Buka WhatsApp di HP outlet. Bila ada yang minta berhenti, catat di Koneksi dengan tangan.',
  },
  en: {
    message: 'Koneksi could not read an incoming message; all others go on.',
    action: "Open WhatsApp on the outlet's phone. If somebody asks to stop, record it in Koneksi by hand.",
  },
};

const INDONESIAN: Record<WarningCode, Words> = {
  PHONE_NOT_SEEN: ({ level, since, until }, day) => ({
    message:
      level === 'problem'
        ? `HP outlet tidak terlihat sejak ${day(since)}. Mulai ${day(until)} WhatsApp dapat melepas tautan ini.`
        : `HP outlet belum terlihat sejak ${day(since)}; bila tetap begitu, tautan dapat berakhir mulai ${day(until)}.`,
    action: 'Nyalakan HP outlet, sambungkan ke internet dan buka WhatsApp.',
  }),
  INBOUND_STALLED: ({ level }) =>
    level === 'problem'
      ? UNREAD.id
      : {
          message: 'Pesan masuk sempat tertahan walau sambungan hidup; sambungan sudah diganti.',
          action: 'Tidak perlu apa-apa. Bila terus berulang, hubungi admin sistem.',
        },
  UNSTABLE: () => ({
    message: 'Sambungan sering putus.',
    action: 'Bila banyak outlet begini, periksa internet di server.',
  }),
  CLIENT_OLD: ({ since }, day) => ({
    message: `Versi WhatsApp Web yang dipakai Koneksi sudah lama: terakhir dipastikan ${day(since)}.`,
    action: 'Hubungi admin sistem sebelum menautkan perangkat baru.',
  }),
  PHONE_NOT_TOLD: ({ since, number }, day) => ({
    message: `Tautan lama di HP +${number} diputus pada ${day(since)}, tetapi WhatsApp belum dapat diberi tahu.`,
    action: deviceRemoval('id', number),
  }),
};

const ENGLISH: Record<WarningCode, Words> = {
  PHONE_NOT_SEEN: ({ level, since, until }, day) => ({
    message:
      level === 'problem'
        ? `The outlet's phone has not been seen since ${day(since)}. From ${day(until)} on WhatsApp may end this link.`
        : `The outlet's phone was last seen on ${day(since)}; if it stays away, the link may end from ${day(until)} on.`,
    action: "Switch the outlet's phone on, connect it to the internet and open WhatsApp.",
  }),
  INBOUND_STALLED: ({ level }) =>
    level === 'problem'
      ? UNREAD.en
      : {
          message: 'Incoming messages were held up although the connection lived; it has been replaced.',
          action: 'Nothing to do. If it keeps happening, tell the system admin.',
        },
  UNSTABLE: () => ({
    message: 'The connection drops often.',
    action: "If many outlets do so, check the server's internet connection.",
  }),
  CLIENT_OLD: ({ since }, day) => ({
    message: `The WhatsApp Web version Koneksi shows is an old one: last confirmed on ${day(since)}.`,
    action: 'Tell the system admin before linking another device.',
  }),
  PHONE_NOT_TOLD: ({ since, number }, day) => ({
    message: `An older link on +${number} ended on ${day(since)}, but WhatsApp could not be told.`,
    action: deviceRemoval('en', number),
  }),
};

const CATALOGUES: Record<Locale, Record<WarningCode, Words>> = { id: INDONESIAN, en: ENGLISH };

const days = Object.fromEntries(
  (['id', 'en'] as const).map((locale) => [
    locale,
    new Intl.DateTimeFormat(locale === 'id' ? 'id-ID' : 'en-GB', {
      timeZone: 'Asia/Jakarta',
      day: 'numeric',
      month: 'long',
    }),
  ]),
) as Record<Locale, Intl.DateTimeFormat>;

/** False for codes that only a newer server knows. */
export function isKnownWarning(code: string): code is WarningCode {
  return code in INDONESIAN;
}

/** What is not in order, and who must do what. */
export function warningSentences(fact: WarningFact, locale: Locale): Sentences {
  return CATALOGUES[locale][fact.code](fact, (iso) => (iso ? days[locale].format(new Date(iso)) : ''));
}
