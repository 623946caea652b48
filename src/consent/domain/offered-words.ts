import { copiedInstruction, type Copied } from './copied-instruction.js';
import { saidBehindSigns } from './said-behind-signs.js';
import { choicesOf, distance, essence, firstSaying, withoutRepeats } from './wish-words.js';
import type { Wish } from './wish.js';

/** As people say no, however they spell it; `essence` has made one letter of several. */
const NO =
  '(?:tidak|tdk|tak|ga|gak|gk|g|ngak|nga|ngk|engak|enga|gag|kagak|ndak|ora|emoh|mboten|no|nope|nein|dont|jangan|jgn|batal)';
const IS_NO = new RegExp(`^${NO}(?: |$)`);
/** `tidak`, `ga usah`, `gak mau lagi`, `saya tidak minat`: no and nothing else. */
const NO_AND_NOTHING_ELSE = new RegExp(
  `^(?:(?:saya|sy|aku|gue|gw|i) )?(?:${NO}(?: (?:usah|mau|mo|ingin|perlu|minat|berminat|tertarik|butuh|deh|lah|want|more|thanks))?|gamau|gausah|gaperlu|ogah|wegah)(?: (?:lagi|lg|terus|dulu|anymore))?$`,
);
/** What nobody says to a message that they like, whatever it offers. */
const WANTS_NONE = new RegExp(
  `^(?:(?:saya|sy|aku|gue|gw|i) )?(?:${NO} (?:usah|mau|mo|perlu|butuh|want)|gamau|gausah|gaperlu|ogah|wegah|emoh)(?: (?:lagi|lg|terus|anymore))?$`,
);
/** Words this long are nothing else for a letter that is missing, or two that are turned around. */
const LONG = 5;
/** Whoever writes one of a few words writes little. UTF-16 units. */
const BRIEF = 80;

/** What an answer says by the words that one blast named for hearing no more and those it named for declining, in small letters. */
export type AnswerReader = (words: readonly string[], unsure?: readonly string[]) => Wish | null;

/**
 * Reads an answer once, for however many blasts it may be to, by the words that each of them named for hearing no more: one
 * of them, or what means the same, is obeyed; whoever begins with it and goes on, or says `ga usah` to one that named none,
 * waits for a person. `null` where it cannot be one of a few words.
 */
export function readOffered(answer: string): AnswerReader | null {
  const plain = readPlain(answer);
  const said = saidBehindSigns(answer);
  if (!said) return plain;
  const behind = said.texts.map(readPlain);
  return (words, unsure) => {
    const wish = plain?.(words, unsure) ?? null;
    if (wish?.kind === 'sure') return wish;
    const found = behind[0]?.(words, unsure) ?? null;
    if (said.by === 'writer') return found ?? wish;
    const all = [...words, ...(unsure ?? [])];
    // `1. 2` and `Jumlah: 2` are orders.
    const isAll = behind.every((read) => read?.(all)?.kind === 'sure') && said.texts.every(hasLetters);
    if (!isAll) return wish;
    return said.by === 'list' ? found : (wish ?? UNSURE);
  };
}

const hasLetters = (text: string): boolean => /\p{L}/u.test(text);

function readPlain(answer: string): AnswerReader | null {
  const whole = answer.trim();
  const isBrief = whole.length <= BRIEF;
  const start = isBrief ? whole : firstSaying(whole);
  if (start === '') return null;
  const said = essence(start);
  const copied = copiedInstruction(start);
  const says = (words: readonly string[]): Wish | null => {
    const wish = compare(start, said, words);
    return wish?.kind === 'sure' || !copied ? wish : (compareCopied(copied, words) ?? wish);
  };
  const read = (words: readonly string[], unsure: readonly string[]): Wish | null => {
    const wish = says(words);
    if (wish?.kind === 'sure' || unsure.length === 0) return wish;
    return says(unsure) ? DECLINED : wish;
  };
  if (isBrief) return (words, unsure = []) => read(words, unsure);
  // Where more follows a word that is obeyed by itself, a person decides.
  return (words, unsure = []) => (says([...words, ...unsure])?.kind === 'sure' ? UNSURE : null);
}

function compare(start: string, said: string, words: readonly string[]): Wish | null {
  const choices = choicesOf(start);
  if (choices.length > 1) {
    const sure = choices.map((each) => compare(each, essence(each), words)?.kind === 'sure');
    if (sure.every(Boolean)) return SURE;
    // Whoever writes down `YA/TIDAK` has not chosen, and `ready atau tidak` asks.
    if (sure.includes(true)) return sure[0] ? UNSURE : null;
  }
  if (words.some((word) => isWord(start, said, word))) return SURE;
  if (said === '') return null;
  if (NO_AND_NOTHING_ELSE.test(said) && words.some(isNo)) return SURE;
  // `TIDAK, NO`
  const each = said.split(' ');
  if (each.length > 1 && each.every((one) => words.some((word) => isWord(one, one, word)))) return SURE;
  const begins = words.find(
    (word) => said.startsWith(`${essence(word) || word} `) || (IS_NO.test(word) && IS_NO.test(said)),
  );
  if (begins !== undefined) return { kind: 'unsure', words: begins };
  return WANTS_NONE.test(said) ? { kind: 'unsure', words: 'tidak mau' } : null;
}

/**
 * `Balas TIDAK`, `jawabannya tidak`: the word itself alone is obeyed, since `bales ga kak` asks whether anybody answers, and
 * `kirim tidak ya` whether it is delivered.
 */
function compareCopied({ words: told, isAsked, isToSend }: Copied, words: readonly string[]): Wish | null {
  const isNamed = (each: string): boolean => words.some((word) => isWord(each, essence(each), word));
  const isAll = told.every((each) => isNamed(each) || each.split(' ').every(isNamed));
  if (isAll) return isAsked || (isToSend && told.some(isNo)) ? UNSURE : SURE;
  const [first, ...others] = told.map((each) => compare(each, essence(each), words));
  return first && !others.includes(null) ? UNSURE : null;
}

const isNo = (word: string): boolean => IS_NO.test(essence(word) || word);

/** Whether that is what is said, and nothing else; a word that is one of courtesy anywhere else as well: `Balas YA untuk berhenti`. */
function isWord(start: string, said: string, word: string): boolean {
  const named = essence(word);
  if (named === '') return !said.includes(' ') && isFirst(start, word);
  return said === named || said.split(' ').every((each) => each === named) || isMistyped(said, named);
}

/** Whether the first word of an answer is this one, however long it is drawn: `yaa kak`, `Iya.` */
function isFirst(answer: string, word: string): boolean {
  const [first = ''] =
    answer
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/u) ?? [];
  const plain = withoutRepeats(first);
  return plain === word || ((word === 'ya' || word === 'iya') && /^(?:i?ya|y|yes|iyah|yah)$/.test(plain));
}

/** It says no more than STOP does. */
const SURE: Wish = { kind: 'sure', keyword: 'STOP' };
/** As of who says it in their own words. */
const DECLINED: Wish = { kind: 'unsure', words: 'tidak minat' };
const UNSURE: Wish = { kind: 'unsure', words: 'stop' };

const isMistyped = (said: string, named: string): boolean => named.length >= LONG && distance(said, named, 1) <= 1;
