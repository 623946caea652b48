import { FILLED, plainly, wordsNamed, wordsToDecline, WRITE } from './own-way-out.ts';
import { languageOf, type TextLanguage } from './text-language.ts';

/** What a blast says below its message, so that nobody has to ask how to hear no more. Each names what is obeyed. */
export const WAY_OUT: Record<TextLanguage, string> = {
  id: 'Balas STOP untuk berhenti.',
  en: 'Reply STOP to unsubscribe.',
};

const WORD = '(?:stop|stopp|stopall|setop|berhenti|unsubscribe|unsub|unreg|optout|opt out)';
const ALWAYS = new RegExp(`^${WORD}$`);
/** What follows the word where it is one to write: nothing of its own sentence, or what it is for. */
const THEN =
  '(?= ?(?:$|[\\n.,;:!?)|/]| (?:untuk|utk|u|buat|jika|bila|kalau|kalo|agar|supaya|apabila|ke|to|if|for|at|anytime|any|when|or|atau)\\b))';
const ASKED_FOR = new RegExp(`\\b${WRITE}${FILLED}:? ${WORD}${THEN}`, 'm');
const BY_LINK = /\b(?:unsubscribe|opt ?out|berhenti berlangganan|berhenti langganan)\b[^\n]{0,40}https?:/;

/** Whether a text tells its reader what to write, or where to press, to hear no more. */
export function offersWayOut(text: string): boolean {
  const plain = plainly(text);
  return ASKED_FOR.test(plain) || BY_LINK.test(plain) || wordsNamed(text).length > 0;
}

/** How a blast offers its way out: below its message, in its own words, or not at all and why. */
export interface WayOut {
  how: 'APPENDED' | 'TYPED' | 'OFF';
  /** What stands below the message, where it is appended. */
  line: string | null;
  /** Why there is none, where it was switched off. */
  reason: string | null;
  /** Which other words than those that are always obeyed the message itself names for it, in small letters. */
  words?: string[] | undefined;
  /** Words it names for declining, which may mean the offer or any: whoever answers with one waits for a person. */
  unsure?: string[] | undefined;
}

/** In the message's own language, as far as its words tell it, or else in Indonesian; never twice. */
export function wayOutOf(message: string, language: TextLanguage | null, noWayOut: string | null): WayOut {
  const own = wordsNamed(message).filter((word) => !ALWAYS.test(word));
  const unsure = wordsToDecline(message).filter((word) => !ALWAYS.test(word));
  const named = {
    // Told together, so that either is found by the other.
    ...(own.length + unsure.length > 0 && { words: own }),
    ...(unsure.length > 0 && { unsure }),
  };
  if (noWayOut !== null) return { how: 'OFF', line: null, reason: noWayOut, ...named };
  if (offersWayOut(message)) return { how: 'TYPED', line: null, reason: null, ...named };
  return { how: 'APPENDED', line: WAY_OUT[language ?? languageOf(message) ?? 'id'], reason: null, ...named };
}

/** The message with the way out below it; a picture without words has the way out alone. */
export const withWayOut = (text: string, wayOut: string | null): string =>
  wayOut === null ? text : text === '' ? wayOut : `${text}\n\n${wayOut}`;

/** How much longer {@link withWayOut} makes a text, in UTF-16 units. */
export const wayOutLength = (text: string, wayOut: string | null): number =>
  withWayOut(text, wayOut).length - text.length;
