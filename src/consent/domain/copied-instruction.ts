import { toldAlone } from '@koneksi/contracts/way-out-told';
import { spoken, withoutCourtesies } from './wish-words.js';

/** Longer ones say more than that. UTF-16 units. */
const LONGEST = 160;

/** What an instruction tells to write, and whether it is asked about instead of followed. */
export interface Copied {
  words: string[];
  isAsked: boolean;
}

/**
 * Whoever is told to answer STOP may write down all of what they were told, `Balas STOP untuk berhenti.`, or that they do
 * it, `saya balas STOP`. `null` of any other message, and of one that has such a line among others.
 */
export function copiedInstruction(message: string): Copied | null {
  const text = message.trim();
  if (text.length > LONGEST) return null;
  const words = spoken(text);
  // The word itself may be one of courtesy: `Balas YA`.
  const told = toldAlone(withoutCourtesies(words).join(' ')) ?? toldAlone(words.join(' '));
  return told && { words: told, isAsked: /\?[^\p{L}\p{N}]*$/u.test(text) };
}
