import { isBlank, plainValue } from '@koneksi/contracts/plain-text';
import { REPLY_WORDS_MAX } from '@koneksi/contracts/blast-limits';

/**
 * Of what somebody wrote what is kept: its lines, which nothing in them turns around, and no more than fits. `null` where
 * nobody would see anything.
 */
export function keptWords(text: string): string | null {
  // Whatever was written, no more of it is looked at than could fit.
  const lines = text.slice(0, REPLY_WORDS_MAX * 4).split(/\r\n|[\r\n\u2028\u2029]/u);
  const words = lines
    .map(plainValue)
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  if (isBlank(words)) return null;
  const characters = Array.from(words.toWellFormed());
  return characters.length <= REPLY_WORDS_MAX
    ? characters.join('')
    : `${characters.slice(0, REPLY_WORDS_MAX - 1).join('')}…`;
}
