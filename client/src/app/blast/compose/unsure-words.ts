import type { WayOut } from '@koneksi/contracts/way-out';
import type { BlastTexts } from '../blast-texts';

/** A sentence with what becomes of replies by a word that the message names for declining, where it names one. */
export function withUnsureWords(sentence: string, { unsure = [] }: WayOut, b: BlastTexts['b']): string {
  if (unsure.length === 0) return sentence;
  const words = unsure.map((word) => `“${word.toUpperCase()}”`).join(', ');
  return `${sentence} ${b('wayOut.unsure', { words })}`;
}
