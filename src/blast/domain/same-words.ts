const WORD = /[\p{L}\p{M}\p{N}_]+/gu;

/** Whether two messages say the same: case, blanks and punctuation are no words. */
export function sameWords(one: string, other: string): boolean {
  return comparable(one) === comparable(other);
}

/** What is compared of a message; one of emoji alone goes by those. */
export function comparable(message: string): string {
  const plain = message.normalize('NFKC').toLowerCase();
  return plain.match(WORD)?.join(' ') ?? plain.replace(/\s+/g, '');
}
