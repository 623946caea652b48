import { toldAlone } from '@koneksi/contracts/way-out-told';
import { spoken, withoutCourtesies } from './wish-words.js';

/** Longer ones say more than that. UTF-16 units. */
const LONGEST = 160;
/** Between sentences; a line that goes on in small letters is one with the line before. */
const ENDS = /[.!;](?=\s)|\n\s*\n|\n(?=[^\S\n]*\p{Lu})/u;
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
  const sentences = text
    .split(ENDS)
    .map(spoken)
    .filter((words) => withoutCourtesies(words).length > 0);
  const all = sentences.length === 1 ? sentences[0]! : [];
  // The word itself may be one of courtesy: `Balas YA`.
  for (const said of [withoutCourtesies(all).join(' '), all.join(' ')]) {
    const words = toldAlone(said);
    if (!words) continue;
    const isToSend = SENDS.test(said) && said.endsWith(` ${words.at(-1)!}`);
    const asked = text.lastIndexOf('?');
    const isAsked = asked >= 0 && !/[\p{L}\p{N}]/u.test(text.slice(asked));
    return { words, isAsked, isToSend };
  }
  return null;
}
