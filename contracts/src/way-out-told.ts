import {
  A_WORD,
  BEFORE_WORD,
  FILLED,
  FOR,
  GOAL,
  IF_UNWILLING,
  NO_INTEREST,
  NO_NEWS,
  OF_THEM,
  REASON,
  TO_US,
  WHO,
  WRITE,
} from './own-way-out.ts';

/** Verbs by which somebody says what they answer. */
const SAY =
  `(?:${WRITE}|bales|jwb|ngetik|bilang|pilih|jawaban(?:nya|ku| saya| aku)?|jawabnya|balasannya|jawabku|` +
  'say|said|replied|texted|sent|typed|answered|write|wrote)';
const WHO_SAYS =
  '(?:(?:saya|sy|aku|gue|gw|kami|i|ive|sudah|sdh|udah|udh|tadi|barusan|mau|ingin|akan|silakan|silahkan|cukup|tinggal|just|please) ){0,4}';
const WORDS = `(${A_WORD}(?: ${A_WORD}){0,4}?)`;
const WHY = ` ${FOR}${WHO} (?:${GOAL}|${NO_INTEREST}(?: ${A_WORD}){0,5})`;

/** Why somebody should write it, as a sentence of its own: `jika tidak mau`. */
const WHY_FIRST = `(?:${REASON}|${NO_NEWS}${OF_THEM}|(?:${FOR}${WHO} )?${NO_INTEREST}(?: ${A_WORD}){0,4}?|${IF_UNWILLING})`;

const FORMS = [
  // `balas stop`, `saya balas stop`, `balas stop untuk berhenti`
  `^${WHO_SAYS}${SAY}${FILLED} ${WORDS}${TO_US}(?:${WHY})?$`,
  // `stop untuk berhenti`
  `^${WORDS}${TO_US}${WHY}$`,
  // `untuk berhenti balas stop`
  `^${WHY_FIRST} ${BEFORE_WORD}${WORDS}$`,
].map((source) => new RegExp(source, 'u'));

/**
 * The words that a text tells to write, where it says nothing else: `stop` of `balas stop untuk berhenti`. Takes words in
 * small letters with one blank between them; `null` of any other text.
 */
export function toldAlone(said: string): string[] | null {
  for (const form of FORMS) {
    const told = form.exec(said)?.[1];
    if (told !== undefined) return told.split(/ (?:atau|or|dan|and) /);
  }
  return null;
}

const ONLY_WHY = new RegExp(`^${WHY_FIRST}$`, 'u');

/** Whether these words, as those of {@link toldAlone}, say why somebody should write something, and not what. */
export const tellsWhy = (said: string): boolean => ONLY_WHY.test(said);
