import { FOR, WRITE } from '@koneksi/contracts/own-way-out';
import { tellsWhy, toldAlone } from '@koneksi/contracts/way-out-told';
import { choicesOf, spoken, withoutCourtesies } from './wish-words.js';

/** Longer ones say more than that. UTF-16 units. */
const LONGEST = 160;
/** Between sentences; a line that goes on in small letters is one with the line before. */
const ENDS = /[.!;](?=\s)|\n\s*\n|\n(?=[^\S\n]*\p{Lu})/u;
/** What belongs to one sentence with the next, or with the one before, however it is cut: `Balas TIDAK\nUntuk berhenti`. */
const BEGINS = new RegExp(`^(?:${FOR}|mau|ingin|want|tidak|tdk|tak|gak|ga|nggak|no|dont)\\b|^${WRITE}$`, 'u');
const FOLLOWS = new RegExp(`^${FOR} `, 'u');
/** Verbs that are about parcels as well as about messages. */
const SENDS = /^(?:kirim|kirimkan|send|text)\b/;

/** What an instruction tells to write. */
export interface Copied {
  words: string[];
  /** Whether it is asked about instead of followed: `ketik stop?` */
  isAsked: boolean;
  /** Whether it may be about a parcel: `kirim tidak`. */
  isToSend: boolean;
}

/**
 * Whoever is told to answer STOP may write down all of what they were told, `Balas STOP untuk berhenti.`, or that they do
 * it, `saya balas STOP`. `null` of any other message, and of one that has such a line among others.
 */
export function copiedInstruction(message: string): Copied | null {
  const text = message.trim();
  if (text.length > LONGEST) return null;
  // As a choice first: whoever copies `Balas YA/TIDAK` names two words.
  for (const read of new Set([choicesOf(text).join(' atau '), text])) {
    // The word itself may be one of courtesy: `Balas YA`.
    for (const said of oneSentence(read).flatMap((all) => [withoutCourtesies(all).join(' '), all.join(' ')])) {
      const words = toldAlone(said);
      if (!words) continue;
      const isToSend = SENDS.test(said) && said.endsWith(` ${words.at(-1)!}`);
      const asked = text.lastIndexOf('?');
      const isAsked = asked >= 0 && !/[\p{L}\p{N}]/u.test(text.slice(asked));
      return { words, isAsked, isToSend };
    }
  }
  return null;
}

/** The words of a text that is one sentence but for courtesies and a reason, as it may be read; none of any other. */
function oneSentence(text: string): string[][] {
  const sentences = text
    .split(ENDS)
    .map(spoken)
    .filter((words) => withoutCourtesies(words).length > 0);
  const [first = [], second = [], ...more] = sentences;
  if (more.length > 0) return [];
  if (second.length === 0) return [first];
  const [one, other] = [first.join(' '), second.join(' ')];
  return [
    ...(BEGINS.test(one) || FOLLOWS.test(other) ? [[...first, ...second]] : []),
    ...(tellsWhy(one) ? [second] : []),
    ...(tellsWhy(other) ? [first] : []),
  ];
}
