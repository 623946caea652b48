import {
  A_WORD,
  BEFORE_WORD,
  END_IT,
  FILLED,
  FOR,
  GOAL,
  NO_INTEREST,
  NO_NEWS,
  OF_THEM,
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

const FORMS = [
  // `balas stop`, `saya balas stop`, `balas stop untuk berhenti`
  `^${WHO_SAYS}${SAY}${FILLED} ${WORDS}${TO_US}(?:${WHY})?$`,
  // `stop untuk berhenti`
  `^${WORDS}${TO_US}${WHY}$`,
  // `untuk berhenti balas stop`
  `^(?:${FOR}${WHO} ${GOAL}|(?:mau|ingin|want to) ${END_IT}${OF_THEM}|${NO_NEWS}${OF_THEM}|(?:${FOR}${WHO} )?${NO_INTEREST}(?: ${A_WORD}){0,4}?) ${BEFORE_WORD}${WORDS}$`,
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
