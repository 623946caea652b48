import { languageOf, type TextLanguage } from './text-language.ts';

/** What a blast says below its message, so that nobody has to ask how to hear no more. Each names what is obeyed. */
export const WAY_OUT: Record<TextLanguage, string> = {
  id: 'Balas STOP untuk berhenti.',
  en: 'Reply STOP to unsubscribe.',
};

const WRITE =
  '(?:balas|balasan|balaslah|ketik|ketikan|kirim|kirimkan|tulis|jawab|reply|replying|text|send|type|answer|respond)';
const FILLED = '(?: (?:dengan|kata|pesan|wa|chat|ini|saja|aja|the|word|with|back|us|kami)){0,3}';
const WORD = '(?:stop|stopp|stopall|setop|berhenti|unsubscribe|unsub|unreg|optout|opt out)';
/** What follows the word where it is one to write: nothing of its own sentence, or what it is for. */
const THEN =
  '(?= ?(?:$|[\\n.,;:!?)|/]| (?:untuk|utk|u|buat|jika|bila|kalau|kalo|agar|supaya|apabila|ke|to|if|for|at|anytime|any|when|or|atau)\\b))';
const ASKED_FOR = new RegExp(`\\b${WRITE}${FILLED}:? ${WORD}${THEN}`, 'm');
const BY_LINK = /\b(?:unsubscribe|opt ?out|berhenti berlangganan|berhenti langganan)\b[^\n]{0,40}https?:/;

/** Whether a text tells its reader what to write, or where to press, to hear no more. */
export function offersWayOut(text: string): boolean {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cf}\p{M}*_~`"'“”‘’«»()[\]]/gu, '')
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?- ?/g, ' ');
  return ASKED_FOR.test(plain) || BY_LINK.test(plain);
}

/** How a blast offers its way out: below its message, in its own words, or not at all and why. */
export interface WayOut {
  how: 'APPENDED' | 'TYPED' | 'OFF';
  /** What stands below the message, where it is appended. */
  line: string | null;
  /** Why there is none, where it was switched off. */
  reason: string | null;
}

/** In the message's own language, as far as its words tell it, or else in Indonesian; never twice. */
export function wayOutOf(message: string, language: TextLanguage | null, noWayOut: string | null): WayOut {
  if (noWayOut !== null) return { how: 'OFF', line: null, reason: noWayOut };
  if (offersWayOut(message)) return { how: 'TYPED', line: null, reason: null };
  return { how: 'APPENDED', line: WAY_OUT[language ?? languageOf(message) ?? 'id'], reason: null };
}

/** The message with the way out below it; a picture without words has the way out alone. */
export const withWayOut = (text: string, wayOut: string | null): string =>
  wayOut === null ? text : text === '' ? wayOut : `${text}\n\n${wayOut}`;

/** How much longer {@link withWayOut} makes a text, in UTF-16 units. */
export const wayOutLength = (text: string, wayOut: string | null): number =>
  withWayOut(text, wayOut).length - text.length;
