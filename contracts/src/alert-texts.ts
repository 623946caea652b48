import type { AlertKind } from './alerts.ts';
import { OUTLET_ZONES, type OutletZone } from './blast-states.ts';
import type { ReasonCode } from './outlet-status.ts';
import type { ReasonParams } from './outlet-status-schema.ts';
import { reasonSentences, type Locale } from './reason-texts.ts';

/** What one incident adds to a message. */
export interface AlertItem {
  readonly code: ReasonCode | null;
  readonly params: ReasonParams;
  /** When the first of its outlets fell. */
  readonly since: string;
  /** When the last was up again or switched off; `null` while one is down. */
  readonly until: string | null;
  /** How many it tells of, and the names of the first. */
  readonly outlets: number;
  readonly names: readonly string[];
}

/** Everything a message says, in no language yet. */
export interface AlertContent {
  readonly kind: AlertKind;
  readonly ruleName: string;
  readonly zone: OutletZone;
  /** When it was due. */
  readonly at: string;
  readonly items: readonly AlertItem[];
  /** Where it tells of one outlet alone, which. */
  readonly outletId?: string;
}

export interface AlertMessage {
  readonly subject: string;
  readonly body: string;
}

/** How many incidents are told of one by one. */
const TOLD = 8;
/** How many names a subject holds. */
const IN_SUBJECT = 3;

interface Words {
  outlets: (count: number) => string;
  more: (count: number) => string;
  moreIncidents: (count: number) => string;
  and: string;
  subject: Record<AlertKind, (who: string) => string>;
  opening: Record<AlertKind, string>;
  disagree: string;
  cause: string;
  action: string;
  which: string;
  since: (when: string, length: string) => string;
  lasted: (from: string, until: string, length: string) => string;
  look: Record<AlertKind, string>;
  link: string;
  why: (rule: string) => string;
  minutes: (minutes: number) => string;
  hours: (hours: number, minutes: number) => string;
  days: (days: number, hours: number) => string;
}

const WORDS: Record<Locale, Words> = {
  id: {
    outlets: (count) => `${count} outlet`,
    more: (count) => `${count} lainnya`,
    moreIncidents: (count) => `Dan ${count} gangguan lainnya.`,
    and: 'dan',
    subject: {
      down: (who) => `Bermasalah: ${who}`,
      escalated: (who) => `Belum ditangani: ${who}`,
      recovered: (who) => `Selesai: ${who}`,
      test: () => 'Tes pemberitahuan Koneksi',
    },
    opening: {
      down: 'Outlet berikut tidak siap mengirim pesan WhatsApp.',
      escalated: 'Outlet berikut masih bermasalah, dan belum ada yang menyatakan menanganinya.',
      recovered: 'Gangguan ini sudah selesai.',
      test: 'Ini tes. Bila Anda membacanya, pemberitahuan dari Koneksi sampai kepada Anda. Tidak ada outlet yang bermasalah karenanya.',
    },
    disagree: 'Statusnya belum pasti; Koneksi sedang memeriksa.',
    cause: 'Sebab',
    action: 'Yang perlu dilakukan',
    which: 'Outlet',
    since: (when, length) => `Sejak ${when} (${length})`,
    lasted: (from, until, length) => `Dari ${from} sampai ${until} (${length})`,
    look: {
      down: 'Lihat, dan nyatakan Anda menanganinya',
      escalated: 'Lihat, dan nyatakan Anda menanganinya',
      recovered: 'Lihat riwayatnya',
      test: 'Buka Koneksi',
    },
    link: 'Sambungkan outlet ini sekarang dengan HP-nya, tanpa masuk (sekali pakai, berlaku 2 jam)',
    why: (rule) => `Anda menerima pesan ini karena aturan "${rule}" di Koneksi.`,
    minutes: (minutes) => `${minutes} mnt`,
    hours: (hours, minutes) => (minutes > 0 ? `${hours} jam ${minutes} mnt` : `${hours} jam`),
    days: (days, hours) => (hours > 0 ? `${days} hari ${hours} jam` : `${days} hari`),
  },
  en: {
    outlets: (count) => (count === 1 ? '1 outlet' : `${count} outlets`),
    more: (count) => (count === 1 ? '1 other' : `${count} others`),
    moreIncidents: (count) => (count === 1 ? 'And 1 other incident.' : `And ${count} other incidents.`),
    and: 'and',
    subject: {
      down: (who) => `Down: ${who}`,
      escalated: (who) => `Nobody on it: ${who}`,
      recovered: (who) => `Over: ${who}`,
      test: () => 'Test of alerts from Koneksi',
    },
    opening: {
      down: 'These outlets cannot send WhatsApp messages.',
      escalated: 'These outlets are still down, and nobody has said that they take care of it.',
      recovered: 'This incident is over.',
      test: 'This is a test. If you read it, alerts from Koneksi reach you. No outlet is down because of it.',
    },
    disagree: 'Its status is not certain; Koneksi is looking.',
    cause: 'Cause',
    action: 'What to do',
    which: 'Outlets',
    since: (when, length) => `Since ${when} (${length})`,
    lasted: (from, until, length) => `From ${from} to ${until} (${length})`,
    look: {
      down: 'Look, and say that you take care of it',
      escalated: 'Look, and say that you take care of it',
      recovered: 'Look back at it',
      test: 'Open Koneksi',
    },
    link: 'Connect this outlet now with its phone, without signing in (once, within 2 hours)',
    why: (rule) => `You get this because of the rule "${rule}" in Koneksi.`,
    minutes: (minutes) => `${minutes} min`,
    hours: (hours, minutes) => (minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`),
    days: (days, hours) => (hours > 0 ? `${days} d ${hours} h` : `${days} d`),
  },
};

const LANGUAGE_TAGS: Record<Locale, string> = { id: 'id-ID', en: 'en-GB' };

/**
 * What people read, of however many incidents and outlets: one message.
 * @param origin where the pages are, without a slash at its end
 * @param link by which whoever reads it connects the outlet
 */
export function alertMessage(
  content: AlertContent,
  locale: Locale,
  origin: string,
  link: string | null = null,
): AlertMessage {
  const { kind, items, ruleName } = content;
  const words = WORDS[locale];
  const page = kind === 'test' ? '' : '/incidents';
  const parts = [
    words.opening[kind],
    ...items.slice(0, TOLD).map((item) => itemText(item, content, locale)),
    ...(items.length > TOLD ? [words.moreIncidents(items.length - TOLD)] : []),
    ...(link === null ? [] : [`${words.link}:\n${link}`]),
    `${words.look[kind]}: ${origin}${page}`,
    ...(kind === 'test' ? [] : [words.why(ruleName)]),
  ];
  return { subject: words.subject[kind](whoOf(items, words)), body: `${parts.join('\n\n')}\n` };
}

export interface AlertNotice {
  readonly title: string;
  readonly body: string;
  /** Where a press leads, on the pages. */
  readonly path: string;
}

/** What is seen of a notice without opening it, on most systems. */
const NOTICE_CHARACTERS = 300;

/** What a browser shows: who, why, and what to do where that is one thing. */
export function alertNotice({ kind, items, outletId }: AlertContent, locale: Locale): AlertNotice {
  const words = WORDS[locale];
  const [first] = items;
  const title = words.subject[kind](whoOf(items, words));
  if (!first) return { title, body: words.opening[kind], path: '/' };
  const { message, action } = first.code
    ? reasonSentences(first.code, first.params, locale)
    : { message: words.disagree, action: '' };
  const more = items.length > 1 ? words.moreIncidents(items.length - 1) : kind === 'recovered' ? '' : action;
  const sentences = kind === 'down' ? [message, more] : [words.opening[kind], message, more];
  const body = sentences.filter(Boolean).join(' ');
  return {
    title: cut(title, 120),
    body: cut(body, NOTICE_CHARACTERS),
    path: outletId && kind !== 'recovered' ? `/outlet-status?outlet=${outletId}` : '/incidents',
  };
}

/** In whole characters, however they are made. */
function cut(text: string, most: number): string {
  const characters = [...text];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : text;
}

function whoOf(items: readonly AlertItem[], words: Words): string {
  const total = items.reduce((sum, { outlets }) => sum + outlets, 0);
  const names = items.flatMap((item) => item.names).slice(0, IN_SUBJECT);
  const listed = listing(names, total, words);
  return total > IN_SUBJECT ? `${words.outlets(total)} (${listed})` : listed;
}

function listing(names: readonly string[], total: number, words: Words): string {
  const rest = total - names.length;
  return rest > 0 ? `${names.join(', ')} ${words.and} ${words.more(rest)}` : names.join(', ');
}

function itemText(
  { code, params, since, until, outlets, names }: AlertItem,
  content: AlertContent,
  locale: Locale,
): string {
  const words = WORDS[locale];
  const when = (iso: string): string => instantText(iso, content.zone, locale);
  const length = lengthText(Date.parse(until ?? content.at) - Date.parse(since), words);
  const { message, action } = code ? reasonSentences(code, params, locale) : { message: words.disagree, action: '' };
  return [
    `${words.which} (${outlets}): ${listing(names, outlets, words)}`,
    until ? words.lasted(when(since), when(until), length) : words.since(when(since), length),
    `${words.cause}: ${message}`,
    ...(until || !action ? [] : [`${words.action}: ${action}`]),
  ].join('\n');
}

function instantText(iso: string, zone: OutletZone, locale: Locale): string {
  const text = new Intl.DateTimeFormat(LANGUAGE_TAGS[locale], {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: zone,
  }).format(new Date(iso));
  return `${text} ${OUTLET_ZONES[zone].abbreviation}`;
}

function lengthText(ms: number, words: Words): string {
  const minutes = Math.max(1, Math.round(ms / 60_000));
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return words.minutes(minutes);
  return hours < 24 ? words.hours(hours, minutes % 60) : words.days(Math.floor(hours / 24), hours % 24);
}
